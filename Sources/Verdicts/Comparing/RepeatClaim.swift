import Profiles
import Statistics

/// One objective over several runs.
struct RepeatClaim {
    /// What is compared with the limit: higher is worse.
    struct Scaled {
        /// One of each usable run; `nil` if a run has none, as where most requests failed.
        var values: [Double]?
        var limit: Double
        /// The variance that chance alone gives a count of this many requests; 0 of no count.
        var minimumVariance = 0.0
        /// The mean of the runs, where it is not that of the scaled values.
        var mean: Double?
        /// A scaled value as the objective has it.
        var value: (Double) -> Double
        var text: (Double) -> String
    }

    private let objective: Objective
    private let confidence: Double
    /// The runs by which it can be judged, with their numbers from 1.
    private let usable: [(number: Int, run: Repetition.OfObjective)]
    private let scaled: Scaled?
    private let effects: RandomEffects?

    /// An objective and what each run says of it; `nil` of a run that does not speak of it.
    init(_ objective: Objective, profile: Profile, runs: [Repetition.OfObjective?]) {
        self.objective = objective
        confidence = objective.confidence ?? profile.confidence
        let usable = runs.enumerated().compactMap { index, run in
            run.flatMap { $0.verdict == .invalid ? nil : (number: index + 1, run: $0) }
        }
        self.usable = usable
        // The worst window of a run is no value that is about normal.
        let scaled =
            objective.window == nil
            ? objective.judgedClaim.scaled(objective, usable.map(\.run)) : nil
        self.scaled = scaled
        effects = scaled?.values.flatMap { values in
            guard usable.count >= RandomEffects.minimumRuns, let series = try? Series(values) else {
                return nil
            }
            return RandomEffects(series, minimumVariance: scaled?.minimumVariance ?? 0)
        }
    }

    /// The chance of runs like these if the mean of the build were at the limit; `nil` if that
    /// cannot be told.
    var refutation: Double? {
        guard let effects, let scaled else { return nil }
        return effects.pAbove(scaled.limit)
    }

    /// What is said of it.
    ///
    /// - Parameters:
    ///   - chance: `refutation`, corrected for the number of objectives.
    ///   - most: no more runs than this are looked at when it is asked how many would do.
    func result(refutation chance: Double, most: Int) -> RepeatRecord.OfObjective {
        var result = RepeatRecord.OfObjective(
            objective: objective.description, verdict: .inconclusive, runs: usable.count,
            confidence: confidence, sentence: "")
        if let effects, let scaled {
            result.nextBound = scaled.value(effects.nextUpper(confidence))
            result.limit = scaled.value(scaled.limit)
        }
        let said = verdict(refutation: chance, most: most)
        (result.verdict, result.moreRuns) = (said.verdict, said.moreRuns)
        result.sentence = "\(said.verdict.rawValue): \(said.text)"
        return result
    }

    private typealias Said = (verdict: RunVerdict.Word, text: String, moreRuns: Int?)

    private func verdict(refutation chance: Double, most: Int) -> Said {
        guard !usable.isEmpty else {
            return (.invalid, "no run is valid for it; each run's own report says why.", nil)
        }
        let refuting = usable.filter(\.run.isRefuted).map(\.number)
        if !refuting.isEmpty {
            return (.fail, "\(Self.list(refuting)) of \(usable.count) failed it alone.", nil)
        }
        if usable.count < RandomEffects.minimumRuns {
            let missing = RandomEffects.minimumRuns - usable.count
            return (
                .inconclusive,
                "\(usable.count) of at least \(RandomEffects.minimumRuns) runs that a prediction "
                    + "of the next one needs.", missing
            )
        }
        guard let effects, let scaled else { return counted }
        let bound = scaled.text(scaled.value(effects.nextUpper(confidence)))
        let limit = scaled.text(scaled.value(scaled.limit))
        let centre = scaled.mean ?? scaled.value(effects.mean)
        let mean = "mean of \(usable.count) runs \(scaled.text(centre))"
        if chance <= 1 - confidence {
            return (
                .fail,
                "the build's mean is beyond \(limit) (\(sure)): \(mean), at best "
                    + "\(scaled.text(scaled.value(effects.lower(confidence)))).", nil
            )
        }
        if effects.nextUpper(confidence) < scaled.limit {
            return (
                .pass,
                "the next run of this build on this host will keep it (\(sure)): \(mean), bound "
                    + "for the next one \(bound), limit \(limit).", nil
            )
        }
        let text = "\(mean), bound for the next one \(bound) (\(sure)), limit \(limit)"
        let needed = effects.runsForNext(below: scaled.limit, confidence: confidence, most: most)
        guard let needed, needed > usable.count else {
            let reason =
                scaled.minimumVariance > 0 && effects.variance <= scaled.minimumVariance
                ? "; runs of this length have too few requests, longer ones would do."
                : "; these runs differ too much for any number of them to show it."
            return (.inconclusive, text + reason, nil)
        }
        let more = needed - usable.count
        return (
            .inconclusive, text + "; about \(Figure.whole(more)) more like these would do.", more
        )
    }

    /// Of runs that are only counted: any of n + 1 alike ones could be the one that does not pass.
    private var counted: Said {
        let passed = usable.count { $0.run.verdict == .pass }
        guard passed == usable.count else {
            return (.inconclusive, "\(passed) of \(usable.count) runs passed it alone.", nil)
        }
        // 0.95 leaves a hair more than 0.05.
        let needed = Int(clamping: (confidence / (1 - confidence) - 1e-9).rounded(.up))
        let text = "all of \(usable.count) runs passed it alone"
        if usable.count >= needed {
            return (
                .pass, text + ", so the next one of this build on this host will (\(sure)).",
                nil
            )
        }
        let more = needed - usable.count
        return (
            .inconclusive,
            text + "; the odds that the next one does are \(Figure.whole(usable.count)) to 1, and "
                + "\(Figure.whole(more)) more passes would make it \(Figure.given(confidence)).",
            more
        )
    }

    private var sure: String { Figure.given(confidence) }

    private static func list(_ numbers: [Int]) -> String {
        let words = numbers.map(String.init).joined(separator: ", ")
        return numbers.count == 1 ? "run \(words)" : "runs \(words)"
    }
}

extension RepeatClaim.Scaled {
    /// The values of all runs; `nil` if one has none above 0.
    static func positive(_ values: [Double?]) -> [Double]? {
        let known = values.compactMap { value in value.flatMap { $0 > 0 ? $0 : nil } }
        return known.count == values.count ? known : nil
    }

    /// Of a claim about the share of requests that fail.
    static func share(of runs: [Repetition.OfObjective], limit: Double) -> Self {
        let share = RunScale.share
        let requests = runs.reduce(0) { $0 + $1.total }
        return Self(
            values: runs.map { share.scaled(RunScale.share($0.count, of: $0.total)) },
            limit: share.scaled(limit),
            minimumVariance: RunScale.countVariance(
                of: Double(requests) / Double(max(1, runs.count))),
            mean: Double(runs.reduce(0) { $0 + $1.count }) / Double(max(1, requests)),
            value: share.value, text: { Figure.percent($0) })
    }

    /// Of a claim about a rate: turned round, so that higher is worse.
    static func rate(of runs: [Repetition.OfObjective], limit: Double) -> Self {
        let logarithm = RunScale.logarithm
        return Self(
            values: positive(runs.map(\.value))?.map { -logarithm.scaled($0) },
            limit: -logarithm.scaled(limit), value: { logarithm.value(-$0) },
            text: { "\(Figure.significant($0, digits: 4))/s" })
    }
}
