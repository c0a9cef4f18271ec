import Evidence
import Measurements
import Profiles

/// How most of what counts against an objective ended, as people say it of the target.
struct FailureCause {
    private let evidence: RunEvidence
    private let profile: Profile
    private let objective: Objective

    init(_ objective: Objective, _ evidence: RunEvidence, _ profile: Profile) {
        self.objective = objective
        self.evidence = evidence
        self.profile = profile
    }

    /// The words for the outcome of most failures in a stretch of the sample, or in all of it;
    /// `nil` if nothing failed, or most of what counts was only slow.
    func words(_ sample: ObjectiveSample, _ stretch: ShareFacts.Stretch?) -> String? {
        // Rows count by the second that requests ended in, which may be a timeout later.
        let late = profile.limits.timeout.inSeconds + 1
        let seconds = sample.rows.filter { row in
            stretch.map { $0.start < row.end && row.start <= $0.end + late } ?? true
        }
        var outcomes: [Outcome: Int] = [:]
        for second in seconds { outcomes.merge(second.failed, uniquingKeysWith: +) }
        let slow = seconds.reduce(0) { $0 + $1.slow.least }
        // Of equal ones the first in the order of their cases, so that the words are always the
        // same.
        let cases = Outcome.allCases
        guard let most = cases.max(by: { outcomes[$0] ?? 0 < outcomes[$1] ?? 0 }),
            let count = outcomes[most], count > 0, count >= slow
        else { return nil }
        return words(most, in: stretch)
    }

    private func words(_ outcome: Outcome, in stretch: ShareFacts.Stretch?) -> String {
        switch outcome {
        case .ok: "the target answered right"
        case .wrongStatus:
            status(in: stretch).map { "the target answered \($0)" }
                ?? "the target answered with a wrong status"
        case .wrongContent: "the target answered with wrong content"
        case .tooSlow: "the target answered later than the step allows"
        case .malformed: "the target answered with something that is not HTTP"
        case .timeout:
            "the target did not answer within "
                + Figure.time(profile.limits.timeout.nanoseconds)
        case .refused: "the target refused connections"
        case .reset: "the target broke connections"
        case .unfinished: "requests were still open when the load ended"
        case .dropped:
            "more than \(Figure.whole(profile.limits.inFlight)) requests were in flight"
        case .overBudget: "answers had no room in the run's memory (limits.memory)"
        }
    }

    /// The status of most wrong ones that were kept.
    private func status(in stretch: ShareFacts.Stretch?) -> Int? {
        var counts: [Int: Int] = [:]
        for failure in evidence.failures where failure.outcome == .wrongStatus {
            guard let status = failure.status,
                objective.operation ?? failure.operation == failure.operation,
                objective.phase ?? failure.phase == failure.phase
            else { continue }
            let due = Double(failure.dueNanoseconds) / 1e9
            if let stretch, due < stretch.start - 1 || due > stretch.end + 1 { continue }
            counts[status, default: 0] += 1
        }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    }
}
