import Histograms
import Profiles
import SampleEvidence
import Testing

@testable import Evidence
@testable import Measurements

@Suite struct FailureKindTests {
    private func kind(_ status: Int) -> FailureKind {
        FailureKind(operation: "ping", outcome: .wrongStatus, status: status)
    }

    private func count(
        _ kind: FailureKind, _ count: Int, _ dues: ClosedRange<Int64>, phase: String = "steady"
    ) -> FailureCount {
        FailureCount(
            phase: phase, kind: kind, count: count, firstDueNanoseconds: dues.lowerBound,
            lastDueNanoseconds: dues.upperBound)
    }

    private func record(_ status: Int, phase: String = "steady", answer: String) -> FailureRecord {
        var record = FailureRecord(
            phase: phase, scenario: "health", operation: "ping", outcome: .wrongStatus,
            dueNanoseconds: 5, doneNanoseconds: 7)
        record.detail = "status \(status)"
        record.status = status
        record.answer = answer
        return record
    }

    @Test func `kinds of a run are summed over its seconds, each with an example`() throws {
        var run = SampleRun()
        run.add([.ok: 10, .wrongStatus: 1], phase: "warm up")
        run.add([.ok: 90, .wrongStatus: 10])
        run.add([.wrongStatus: 7, .timeout: 2])
        run.rows[0].failures = [count(kind(404), 1, 1...1, phase: "warm up")]
        run.rows[1].failures = [
            count(kind(404), 4, 1_500_000_000...1_700_000_000), count(kind(500), 6, 10...20),
        ]
        run.rows[2].failures = [count(kind(404), 7, 1_200_000_000...2_900_000_000)]
        run.failures = [
            record(404, phase: "warm up", answer: "early"), record(404, answer: "gone"),
            record(404, answer: "later"),
        ]
        let evidence = try run.evidence()
        #expect(evidence.rows == run.rows && evidence.failures == run.failures)
        let kinds = evidence.failureKinds { phase, _ in phase == "steady" }
        #expect(kinds.map(\.count) == [11, 6, 2])
        #expect(kinds.map(\.kind.status) == [404, 500, nil])
        #expect(kinds[0].firstDueNanoseconds == 1_200_000_000)
        #expect(kinds[0].lastDueNanoseconds == 2_900_000_000)
        #expect(kinds[0].example?.answer == "gone" && kinds[1].example == nil)
        // What no kind is told of has the times of its second.
        #expect(kinds[2].kind == FailureKind(operation: "ping", outcome: .timeout))
        #expect(kinds[2].firstDueNanoseconds == 2_000_000_000)
        #expect(kinds[2].lastDueNanoseconds == 3_000_000_000)
        let all = evidence.failureKinds { _, _ in true }.reduce(0) { $0 + $1.count }
        let outcomes = evidence.outcomes { _, _ in true }.filter(\.key.isFailure)
        #expect(all == outcomes.values.reduce(0, +))
    }

    @Test func `a later line replaces an earlier one of its slot`() throws {
        func line(_ due: Int64, _ slot: String?) -> FailureRecord {
            var record = record(500, answer: "")
            record.dueNanoseconds = due
            record.slot = slot
            return record
        }
        var run = SampleRun()
        run.add([.wrongStatus: 5, .dropped: 7])
        run.failures = [
            line(1, nil), line(2, "sample 0/0"), line(3, "sample 0/1"),
            line(4, "sample 1/0"), line(5, "sample 0/0"), line(6, nil),
        ]
        let evidence = try run.evidence()
        #expect(evidence.failures.map(\.dueNanoseconds) == [1, 3, 4, 5, 6])
        #expect(evidence.hasEveryFailure && evidence.slow.isEmpty)
        run.add([.reset: 1])
        #expect(try !run.evidence().hasEveryFailure)
    }

    @Test func `right answers over their limit are read back, and so are groups`() throws {
        try TemporaryFolder.with { parent in
            var run = SampleRun()
            run.add([.ok: 5])
            run.rows[0].groups = [
                OperationCounts(
                    phase: "steady", operation: "all", outcomes: [.ok: 4, .reset: 1],
                    over: ["10000000": 2])
            ]
            let folder = try run.write(under: parent)
            let writer = try EvidenceWriter(
                folder: RunFolder.create(under: parent, name: "other"),
                description: RunEvidence(reading: folder.path).description)
            var slow = record(200, answer: "late")
            slow.outcome = .ok
            try writer.append(row: run.rows[0])
            try writer.append(slow: slow)
            try writer.close()
            let names = RunFolder.names(in: parent).filter { $0.contains("other") }
            let evidence = try RunEvidence(reading: "\(parent)/\(try #require(names.first))")
            #expect(evidence.slow == [slow] && evidence.failures.isEmpty)
            #expect(evidence.rows == run.rows)
        }
    }

    @Test func `evidence of earlier versions has its kinds by outcome`() throws {
        var run = SampleRun()
        run.add([.ok: 3, .reset: 2, .dropped: 1])
        run.failures = [record(404, answer: "unlike")]
        let kinds = try run.evidence().failureKinds { _, _ in true }
        #expect(kinds.map(\.kind.outcome) == [.reset, .dropped])
        #expect(kinds.allSatisfy { $0.example == nil && $0.kind.status == nil })
    }

    @Test(arguments: [
        (0, 5), (-1, 5), (2_000_000_000_000, 5), (1, Int64.min), (1, Int64.max),
    ])
    func `a count that no second can have is an error`(number: Int, due: Int64) throws {
        var run = SampleRun()
        run.add([.reset: 2])
        run.rows[0].failures = [count(kind(404), number, due...due)]
        #expect(throws: EvidenceError.self) { try run.evidence() }
    }
}
