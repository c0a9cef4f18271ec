import Evidence
import Measurements
import Profiles
import Quantities
import Statistics

/// Judges growth: memory, open files, connections and threads, of the target and of loadgen itself.
///
/// - Source: statistics.md section 4.
struct LeakJudge {
    /// What growth is allowed.
    typealias Limit = Objective.Growth

    private let reader: LeakSeriesReader

    /// Of open files, connections and threads, this many more in a run are no leak.
    private static let allowedHandles = 3.0

    /// A judge of a run, or of one of its phases.
    init(_ evidence: RunEvidence, _ profile: Profile, phase: String? = nil) {
        reader = LeakSeriesReader(evidence, profile, phase: phase)
    }

    // MARK: An objective

    /// The verdict on `leak < LIMIT`: of the target's memory, and of its handles where those leak.
    func judge(_ objective: Objective, _ limit: Limit) -> RunVerdict.OfObjective {
        var answer = RunVerdict.OfObjective(
            objective: objective.description, verdict: .invalid, count: 0, total: 0, sentence: "")
        func invalid(_ reason: String) -> RunVerdict.OfObjective {
            answer.sentence = "INVALID: \(reason)."
            return answer
        }
        guard reader.hasTarget, let quantity = reader.memory(of: .target),
            let series = reader.series(quantity, of: .target)
        else {
            return invalid(
                "the target's memory was not read; take a target on this machine, or one with "
                    + "/metrics")
        }
        if reader.hasRestart {
            return invalid("the target's process was another one in the middle of the run")
        }
        guard let memory = verdict(on: series, limit) else {
            return invalid("the floors of the target's memory cannot be put in an order")
        }
        let growth = limit.isPerHour ? memory.perHour : memory.perRequest
        answer.verdict = memory.verdict
        answer.value = growth?.slope
        answer.unit = limit.isPerHour ? .bytesPerHour : .bytesPerRequest
        answer.limit = limit.amount
        answer.method =
            "Theil-Sen slope of floors of \(memory.quantity), against what each floor has "
            + "seen of requests or time; residuals may depend on the one before"
        (answer.lower, answer.upper) = (growth?.lower, growth?.upper)
        answer.sentence = memory.sentence
        if let handles = handles(of: .target).first(where: { $0.verdict == .fail }) {
            answer.verdict = .fail
            answer.sentence = "\(handles.sentence) \(memory.sentence)"
        }
        return answer
    }

    // MARK: Everything that was watched

    /// Every series of target and generator, with its verdict; for the report.
    ///
    /// - Parameter limit: what memory is judged by.
    func all(_ limit: Limit) -> [LeakVerdict] {
        guard !reader.hasRestart else { return [] }
        return [LeakSeries.Subject.target, .generator].flatMap { subject in
            let memory = reader.memory(of: subject)
                .flatMap { reader.series($0, of: subject) }.flatMap { verdict(on: $0, limit) }
            return (memory.map { [$0] } ?? []) + handles(of: subject)
        }
    }

    private func handles(of subject: LeakSeries.Subject) -> [LeakVerdict] {
        [LeakSeries.Quantity.openFiles, .sockets, .threads].compactMap { quantity in
            // The generator's connections are the profile's doing.
            if subject == .generator, quantity == .sockets { return nil }
            guard let series = reader.series(quantity, of: subject),
                let first = series.points.first, let last = series.points.last
            else { return nil }
            let span = last.requests - first.requests
            return verdict(on: series, .bytesPerRequest(Self.allowedHandles / span))
        }
    }

    /// The rule on one series; `nil` if its places do not increase.
    private func verdict(on series: LeakSeries, _ limit: Limit) -> LeakVerdict? {
        let (perRequest, perSecond): (Double, Double)
        switch limit {
        case .bytesPerRequest(let bytes): (perRequest, perSecond) = (bytes, .infinity)
        case .bytesPerHour(let bytes): (perRequest, perSecond) = (.infinity, bytes / 3600)
        }
        guard
            let byRequests = test(series, at: series.points.map(\.requests), perRequest),
            let byTime = test(series, at: series.points.map(\.timeSeconds), perSecond)
        else { return nil }
        let decisive = limit.isPerHour ? byTime : byRequests
        var reason = decisive.reason
        let word: RunVerdict.Word
        switch decisive.verdict {
        case .pass: word = .pass
        case .fail where series.isUncollected: (word, reason) = (.inconclusive, .noCollection)
        case .fail: word = .fail
        default: word = .inconclusive
        }
        let growths = (
            byRequests.figures.map { LeakVerdict.Growth($0, scale: 1) },
            byTime.figures.map { LeakVerdict.Growth($0, scale: 3600) }
        )
        let sentence = LeakSentence(
            series: series, limit: limit, reason: reason, word: word,
            figures: decisive.figures, perRequest: growths.0, perHour: growths.1,
            undrained: reader.undrained)
        return LeakVerdict(
            subject: series.subject.rawValue, quantity: series.quantity.rawValue,
            source: reader.source(of: series.subject)?.rawValue,
            isMemory: series.quantity.isMemory, verdict: word,
            reason: reason, floors: series.points.count, first: series.first,
            last: series.last, perRequest: growths.0, perHour: growths.1, sentence: sentence.text)
    }

    private func test(_ series: LeakSeries, at places: [Double], _ tolerance: Double) -> LeakTest? {
        guard let floors = try? Series(series.points.map(\.value)), let x = try? Series(places)
        else { return nil }
        return try? LeakTest(
            floors: floors, at: x, tolerance: tolerance, granularity: series.quantity.granularity)
    }
}

extension Objective.Growth {
    /// What is asked where no objective says: a tenth of a GiB in 30 days.
    static let usual = Self.bytesPerHour(149_131)

    /// Bytes for each request, or an hour.
    var amount: Double {
        switch self {
        case .bytesPerRequest(let bytes), .bytesPerHour(let bytes): bytes
        }
    }

    var isPerHour: Bool { if case .bytesPerHour = self { true } else { false } }
}
