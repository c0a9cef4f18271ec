import Histograms
import Measurements
import Testing

@testable import Collector

extension RecorderTests {
    @Test func `kinds of failures add up to the outcomes, with exact first and last times`() {
        let recorder = Recorder(
            phases: ["warm up", "steady"], operations: ["ping", "listPods"], thresholds: [],
            evidence: Recorder.EvidenceRules(
                startNanoseconds: 1000, mask: SecretMask(["hunter2"])))
        for due in [5000, 3000, 4000] as [UInt64] {
            recorder.recordFailure(
                stamps(due: due, done: 9000), phase: 1, operation: 0,
                .init(.wrongStatus, status: 404))
        }
        recorder.recordFailure(
            stamps(due: 2000, done: 9000), phase: 1, operation: 0, .init(.wrongStatus, status: 500))
        // The status of an answer that never was whole is none of its kind.
        recorder.recordFailure(
            stamps(due: 6000, done: 9000), phase: 0, operation: 1,
            .init(.reset, status: 200, error: "connection of hunter2 reset"))
        recorder.recordDrop(phase: 0, operation: 1, due: 7000)
        recorder.record(
            stamps(due: 8000, ready: 8000, sent: 8000, done: 9000), phase: 1, operation: 0,
            outcome: .ok)
        let snapshot = recorder.snapshot()
        func count(
            _ phase: String, _ kind: FailureKind, _ count: Int, _ first: Int64, _ last: Int64
        ) -> FailureCount {
            FailureCount(
                phase: phase, kind: kind, count: count, firstDueNanoseconds: first,
                lastDueNanoseconds: last)
        }
        func ping(_ status: Int) -> FailureKind {
            FailureKind(operation: "ping", outcome: .wrongStatus, status: status)
        }
        #expect(
            snapshot.failureCounts == [
                count("steady", ping(404), 3, 2000, 4000),
                count("steady", ping(500), 1, 1000, 1000),
                count(
                    "warm up",
                    FailureKind(
                        operation: "listPods", outcome: .reset, error: "connection of *** reset"),
                    1, 5000, 5000),
                count(
                    "warm up",
                    FailureKind(
                        operation: "listPods", outcome: .dropped, error: "too many in flight"),
                    1, 6000, 6000),
            ])
        expectAgreement(snapshot)
        #expect(recorder.snapshot().failureCounts.isEmpty)
    }

    /// Failures by kind sum up to failures by outcome.
    private func expectAgreement(_ snapshot: IntervalSnapshot) {
        for counts in snapshot.counts {
            var told: [Outcome: Int] = [:]
            for failure in snapshot.failureCounts
            where failure.phase == counts.phase && failure.operation == counts.operation {
                told[failure.outcome, default: 0] += failure.count
            }
            #expect(told == counts.outcomes.filter { $0.key != .ok })
        }
    }

    @Test func `of kinds without end 32 are told apart, and every failure is counted`() {
        let (recorder, other) = (recorder(), recorder())
        for index in 0..<1000 {
            for outcome in [Outcome.wrongContent, .malformed] {
                recorder.recordFailure(
                    stamps(done: 9000), phase: 1, operation: index % 2,
                    .init(outcome, status: 200, error: "\(index / 2)"))
            }
            if index % 100 == 99 { other.recordDrop(phase: 1, operation: 0, due: 5) }
        }
        let snapshot = recorder.snapshot()
        expectAgreement(snapshot)
        for operation in ["ping", "listPods"] {
            for outcome in [Outcome.wrongContent, .malformed] {
                let kinds = snapshot.failureCounts.filter {
                    $0.operation == operation && $0.outcome == outcome
                }
                #expect(kinds.count == 33)
                #expect(kinds.first { $0.error == FailureKind.other }?.count == 500 - 32)
            }
        }
        let merged = IntervalSnapshot(merging: [snapshot, other.snapshot(), snapshot])
        expectAgreement(merged)
        #expect(merged.failureCounts.count == 4 * 33 + 1)
    }
}
