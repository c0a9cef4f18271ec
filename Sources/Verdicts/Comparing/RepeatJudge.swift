public import Profiles
import Statistics

/// Judges several fresh runs of one profile: what they say of the build, and of its next run.
///
/// PASS of an objective says: with the stated confidence the next run of this build under this load
/// on this host keeps it. It rests on the bound for a next value (Student's, over the runs), so it
/// takes runs that differ by chance alone and whose values are about normal on their scale. An
/// objective that has no such value (growth, recovery, windows) passes by number alone: where n
/// runs in a row passed, the next one passes with n/(n + 1), as any of n + 1 alike ones could be
/// the one that does not; that takes 19 runs for 95 %.
///
/// FAIL says that a run refuted it by itself, at a level that all runs share, or that the mean of
/// the build is proven to be beyond the limit. Anything else is INCONCLUSIVE.
public struct RepeatJudge {
    /// No more runs than this are looked at when it is asked how many would do.
    private static let maximumRuns = 200

    private let profile: Profile
    private let runs: [Repetition]
    private let wanted: Int

    /// Judges runs of a profile, of which so many were asked for.
    public init(profile: Profile, runs: [Repetition], wanted: Int) {
        self.profile = profile
        self.runs = runs
        self.wanted = wanted
    }

    /// What the runs say.
    public func record(target: String, seconds: Double) -> RepeatRecord {
        let objectives = judgeObjectives()
        var record = RepeatRecord(
            verdict: Self.verdict(objectives), profile: profile.name, target: target,
            wanted: wanted, confidence: profile.confidence, seconds: seconds, runs: runs,
            metrics: metrics, objectives: objectives, notes: [])
        record.notes = notes
        return record
    }

    private static func verdict(_ objectives: [RepeatRecord.OfObjective]) -> RunVerdict.Word {
        let verdicts = objectives.map(\.verdict)
        if verdicts.contains(.fail) { return .fail }
        if verdicts.contains(.invalid) { return .invalid }
        return verdicts.isEmpty || verdicts.contains(.inconclusive) ? .inconclusive : .pass
    }

    private var notes: [String] {
        var notes: [String] = []
        let void = runs.filter { !$0.figures.problems.isEmpty }
        if let first = void.first {
            notes.append(
                "\(void.count) of \(runs.count) runs prove nothing and are left out of the "
                    + "metrics; \(first.figures.run): \(first.figures.problems[0])")
        }
        if runs.count < wanted {
            notes.append("\(wanted) runs were asked for, and \(runs.count) were made.")
        }
        if usable.count < RandomEffects.minimumRuns {
            notes.append(
                "\(usable.count) runs say nothing of the next one; it takes "
                    + "\(RandomEffects.minimumRuns).")
        }
        if profile.objectives.isEmpty { notes.append("the profile has no objective to judge.") }
        notes.append("this build under this load on this host, with runs one after another.")
        return notes
    }

    // MARK: Metrics

    private var usable: [Repetition] { runs.filter { $0.figures.problems.isEmpty } }

    private var metrics: [RepeatRecord.OfMetric] {
        let names: [ComparisonMetric] = [
            .latency(partsPerMillion: 500_000), .latency(partsPerMillion: 950_000),
            .latency(partsPerMillion: 990_000), .errorRate, .throughput,
        ]
        return names.compactMap(metric)
    }

    private func metric(_ metric: ComparisonMetric) -> RepeatRecord.OfMetric? {
        let runs = usable.filter { $0.figures.value(metric) != nil }
        let values = runs.compactMap { $0.figures.value(metric) }
        let scale: RunScale = metric == .errorRate ? .share : .logarithm
        guard let mean = values.first else { return nil }
        let scaled = zip(values, runs).map { value, run in
            guard metric == .errorRate else { return scale.scaled(value) }
            let total = run.figures.requests
            let count = Int(clamping: (value * Double(total)).rounded())
            return scale.scaled(RunScale.share(count, of: total))
        }
        guard let series = try? Series(scaled),
            let effects = RandomEffects(
                series, within: runs.compactMap { $0.within[metric.name] },
                minimumVariance: metric == .errorRate
                    ? RunScale.countVariance(of: Self.mean(runs.map(\.figures.requests))) : 0)
        else { return RepeatRecord.OfMetric(metric: metric.name, runs: values.count, mean: mean) }
        // A share of 0 is not 0 on its scale, and is said as what was counted.
        let centre =
            metric == .errorRate
            ? values.reduce(0, +) / Double(values.count) : scale.value(effects.mean)
        var result = RepeatRecord.OfMetric(
            metric: metric.name, runs: values.count, mean: centre)
        if effects.count >= RandomEffects.minimumRuns {
            result.lower = min(centre, scale.value(effects.lower(profile.confidence)))
            result.upper = scale.value(effects.upper(profile.confidence))
            result.nextLower = min(centre, scale.value(effects.nextLower(profile.confidence)))
            result.nextUpper = scale.value(effects.nextUpper(profile.confidence))
        }
        result.between = effects.between.map { scale.deviation($0.squareRoot(), at: centre) }
        result.within = effects.within.map { scale.deviation($0.squareRoot(), at: centre) }
        return result
    }

    private static func mean(_ counts: [Int]) -> Double {
        Double(counts.reduce(0, +)) / Double(max(1, counts.count))
    }

    // MARK: Objectives

    private func judgeObjectives() -> [RepeatRecord.OfObjective] {
        let claims = profile.objectives.indices.map { index in
            RepeatClaim(
                profile.objectives[index], profile: profile,
                runs: runs.map {
                    $0.objectives.indices.contains(index) ? $0.objectives[index] : nil
                })
        }
        // Any of several objectives may FAIL the whole, so their chances are corrected.
        let chances = Holm(claims.map { $0.refutation ?? 1 }).adjusted
        return zip(claims, chances).map { claim, chance in
            claim.result(refutation: chance, most: Self.maximumRuns)
        }
    }
}
