import Profiles
import Statistics

/// Judges how long the target took to work again after each outage of the run: `recovery < 30s`.
///
/// An outage begins with a failed request. Good requests are known to the second that they ended
/// in, so that one is taken to have been due at the end of its second: a recovery is never called
/// shorter than it was.
///
/// - Source: statistics.md section 9.
struct RecoveryJudge {
    private static let holdSeconds = 10.0
    /// More outages than these are not looked at one by one.
    private static let mostOutages = 10_000
    private let objective: Objective
    private let judge: Judge
    private let sample: ObjectiveSample

    init(_ objective: Objective, judge: Judge) {
        self.objective = objective
        self.judge = judge
        sample = ObjectiveSample(objective, judge.evidence, judge.profile)
    }

    private var limit: Double {
        if case .recovery(let limit) = objective.claim { return Double(limit) / 1e9 }
        return 0
    }

    func verdict() -> RunVerdict.OfObjective {
        guard sample.total > 0 else { return judge.nothing(objective) }
        guard sample.failures > 0 else {
            return judge.invalid(
                objective,
                "nothing to recover from: none of \(Figure.whole(sample.total)) \(sample.noun) "
                    + "failed; make the target fail while the load goes on.")
        }
        let outages = self.outages()
        let verdicts = outages.map(verdict)
        let word: Statistics.Verdict =
            verdicts.contains(.fail)
            ? .fail : verdicts.contains(.inconclusive) ? .inconclusive : .pass
        var result = figures(outages, word)
        if word == .inconclusive { result.needed = needed(outages) }
        result.sentence = sentence(result, outages)
        return result
    }

    /// By the longest that it can have been for a PASS, by the shortest for a FAIL.
    private func verdict(_ outage: Recovery) -> Statistics.Verdict {
        if let upper = outage.upper, upper <= limit { return .pass }
        return outage.shortestOutage > limit ? .fail : .inconclusive
    }

    // MARK: Outages

    private func outages() -> [Recovery] {
        let requests = self.requests()
        let end = sample.seconds.last?.end ?? 0
        var outages: [Recovery] = []
        var rest = requests[...]
        while outages.count < Self.mostOutages,
            let first = rest.firstIndex(where: { !$0.isGood })
        {
            // Counted from the last request that was good, which is the earliest it can be.
            let before = rest[..<first].last?.due ?? sample.seconds.first?.start ?? 0
            let outage = Recovery(
                Array(rest[first...]),
                after: Recovery.Fault(
                    injected: before, hold: Self.holdSeconds, end: max(end, before)))
            outages.append(outage)
            guard let recovered = outage.recoveredAt else { break }
            rest = rest[first...].drop { $0.due < recovered || !$0.isGood }
        }
        return outages
    }

    /// Failed requests when they were due, or else at both ends of their second; good ones at the
    /// end of theirs.
    private func requests() -> [Recovery.Request] {
        var requests = (sample.failureTimes ?? []).map { Recovery.Request(due: $0, isGood: false) }
        for second in sample.seconds {
            if second.total > second.failures {
                requests.append(Recovery.Request(due: second.end, isGood: true))
            }
            if sample.failureTimes == nil, second.failures > 0 {
                requests.append(Recovery.Request(due: second.start, isGood: false))
                requests.append(Recovery.Request(due: second.end, isGood: false))
            }
        }
        // Of equal times the good one first: what failed then, failed after it.
        return requests.sorted { ($0.due, $0.isGood ? 0 : 1) < ($1.due, $1.isGood ? 0 : 1) }
    }

    // MARK: Figures and words

    private func figures(
        _ outages: [Recovery], _ word: Statistics.Verdict
    ) -> RunVerdict.OfObjective {
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: RunVerdict.Word(word),
            count: sample.failures, total: sample.total, sentence: "")
        let worst = outages.max { ($0.upper ?? .infinity) < ($1.upper ?? .infinity) }
        result.unit = .seconds
        result.value = worst.flatMap { $0.upper ?? $0.shortestOutage }
        result.lower = outages.map(\.shortestOutage).max()
        result.upper =
            outages.contains { $0.upper == nil } ? nil : outages.compactMap(\.upper).max()
        result.limit = limit
        result.confidence = judge.confidence(of: objective)
        result.sampleSeconds = sample.length
        result.effectiveCount = Double(outages.count)
        result.smallestEffect = limit + 1
        result.method =
            "recovered is who answers for 10 s without a failure; good requests to the second"
        return result
    }

    private func needed(_ outages: [Recovery]) -> RunVerdict.OfObjective.Needed {
        let open = outages.contains { $0.upper == nil }
        let more = (limit + Self.holdSeconds) / 60
        return .init(
            moreRequests: nil, moreMinutes: open ? more : nil,
            sentence: open
                ? "Go on for at least \(Figure.significant(limit + Self.holdSeconds)) s after the "
                    + "last failure."
                : "The limit is within the second that good requests are known to; take a limit "
                    + "of several seconds.")
    }

    private func sentence(_ result: RunVerdict.OfObjective, _ outages: [Recovery]) -> String {
        let sure = Figure.given(result.confidence ?? 0)
        func time(_ seconds: Double?) -> String {
            seconds.map { "\(Figure.significant($0)) s" } ?? "unknown"
        }
        let what = outages.count == 1 ? "outage" : "outages"
        let counted =
            "\(Figure.whole(outages.count)) \(what), \(Figure.whole(sample.failures)) failed "
            + sample.noun
        let allowed = "allowed \(time(limit))"
        let method = result.method ?? ""
        switch result.verdict {
        case .pass:
            let most = Recovery.mostExceeding(
                trials: outages.count, confidence: result.confidence ?? 0.95)
            return
                "PASS (\(sure)): recovered within \(time(result.upper)), \(allowed): \(counted); "
                + "at most \(Figure.percent(most ?? 1)) of such outages take longer; \(method)."
        case .fail:
            return "FAIL (\(sure)): requests failed for \(time(result.lower)), \(allowed): "
                + "\(counted); \(method)."
        case .inconclusive, .invalid:
            let end = result.upper.map { "within \(time($0))" } ?? "not within the run"
            return "INCONCLUSIVE: recovered \(end), \(allowed): \(counted); \(method). "
                + (result.needed?.sentence ?? "")
        }
    }
}
