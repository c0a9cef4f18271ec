import Histograms
import Measurements
import Testing

@testable import Collector

@Suite struct RecorderTests {
    func recorder() -> Recorder {
        Recorder(
            phases: ["warm up", "steady"], operations: ["ping", "listPods"],
            thresholds: [
                .init(operation: nil, nanoseconds: 10_000), .init(operation: 1, nanoseconds: 5_000),
                .init(operation: 1, nanoseconds: 10_000),
            ])
    }

    func stamps(due: UInt64 = 1000, ready: UInt64 = 0, sent: UInt64 = 0, done: UInt64)
        -> Stamps
    {
        var stamps = Stamps(due: due)
        (stamps.ready, stamps.sent, stamps.done) = (ready, sent, done)
        return stamps
    }

    func samples(_ snapshot: IntervalSnapshot) -> [String: UInt64] {
        Dictionary(
            uniqueKeysWithValues: snapshot.histograms.map { ($0.key.tag, $0.value.totalCount) })
    }

    @Test func `a right answer has six clocks, and four more with a connection of its own`() throws
    {
        let recorder = recorder()
        var stamps = stamps(ready: 3000, sent: 8000, done: 20_000)
        stamps.firstByte = 17_000
        recorder.record(stamps, phase: 1, operation: 0, outcome: .ok)
        let snapshot = recorder.snapshot()
        func value(_ clock: Clock, in snapshot: IntervalSnapshot) -> UInt64? {
            let key = HistogramKey(phase: "steady", operation: "ping", clock: clock)
            return snapshot.histograms[key]?.minimum
        }
        let wanted: [(Clock, UInt64)] = [
            (.latency, 19_000), (.service, 12_000), (.lag, 2_000), (.wait, 5_000),
            (.firstByte, 9_000), (.receive, 3_000),
        ]
        // Buckets at this size are 512 ns wide.
        for (clock, want) in wanted {
            let found = try #require(value(clock, in: snapshot), "\(clock)")
            #expect(found <= want && want - found < 512, "\(clock)")
        }
        #expect(snapshot.histograms.count == wanted.count)
        #expect(
            snapshot.counts == [
                OperationCounts(
                    phase: "steady", operation: "ping", outcomes: [.ok: 1], over: ["10000": 1])
            ])
        stamps.setup.resolve = 1024
        stamps.setup.connect = 2048
        stamps.setup.tls = 4096
        stamps.setup.send = 512
        recorder.record(stamps, phase: 1, operation: 0, outcome: .ok)
        let own = recorder.snapshot()
        #expect(own.histograms.count == 10)
        let parts = [Clock.resolve, .connect, .tls, .send].map { value($0, in: own) }
        #expect(parts == [1024, 2048, 4096, 512])
        #expect(recorder.snapshot().histograms.isEmpty)
    }

    @Test func `a threshold counts what is as slow or slower, of its own operation`() {
        let recorder = recorder()
        for done in [5_999, 6_000, 10_999, 11_000, 11_001] as [UInt64] {
            for operation in 0...1 {
                recorder.record(
                    stamps(ready: 1000, sent: 1000, done: done), phase: 1, operation: operation,
                    outcome: .ok)
            }
        }
        let over = recorder.snapshot().counts.map(\.over)
        #expect(over == [["10000": 2], ["10000": 2, "5000": 4]])
    }

    @Test func `a failure has no place among the right answers`() {
        let recorder = recorder()
        recorder.record(
            stamps(ready: 2000, sent: 3000, done: 60_000), phase: 1, operation: 0,
            outcome: .timeout)
        recorder.record(
            stamps(ready: 2000, done: 70_000), phase: 1, operation: 0, outcome: .refused)
        recorder.record(stamps(done: 80_000), phase: 1, operation: 0, outcome: .unfinished)
        let snapshot = recorder.snapshot()
        #expect(
            samples(snapshot) == [
                "steady/ping/latency/failed": 3, "steady/ping/service/failed": 1,
                "steady/ping/lag": 2, "steady/ping/wait": 1,
            ])
        #expect(snapshot.counts[0].outcomes == [.timeout: 1, .refused: 1, .unfinished: 1])
        #expect(snapshot.counts[0].over == ["10000": 0])
        #expect(snapshot.summary(.latency) == nil)
    }

    @Test func `a dropped arrival has a count and no time`() {
        let recorder = recorder()
        recorder.recordStart()
        recorder.recordDrop(phase: 0, operation: 1, due: 1)
        recorder.recordSkipped(3)
        let snapshot = recorder.snapshot()
        #expect(snapshot.histograms.isEmpty)
        #expect(snapshot.counters.started == 1 && snapshot.counters.dropped == 1)
        #expect(snapshot.counters.skipped == 3)
        #expect(
            snapshot.counts == [
                OperationCounts(
                    phase: "warm up", operation: "listPods", outcomes: [.dropped: 1],
                    over: ["5000": 0, "10000": 0])
            ])
    }

    @Test func `a snapshot takes everything, and the next one begins at nothing`() {
        let recorder = recorder()
        recorder.record(
            stamps(ready: 1, sent: 1, done: 90_000), phase: 1, operation: 1, outcome: .ok)
        #expect(recorder.snapshot().counts.count == 1)
        let empty = recorder.snapshot()
        #expect(empty.histograms.isEmpty && empty.counts.isEmpty && empty.failures.isEmpty)
        recorder.record(
            stamps(ready: 1, sent: 1, done: 2000), phase: 1, operation: 1, outcome: .ok)
        let again = recorder.snapshot()
        #expect(again.counts[0].outcomes == [.ok: 1] && again.counts[0].over["10000"] == 0)
    }

    @Test func `loops are merged by phase and operation`() throws {
        let (one, other) = (recorder(), recorder())
        one.record(
            stamps(ready: 1000, sent: 1000, done: 2_000_000), phase: 1, operation: 0, outcome: .ok)
        for done in [4_000_000, 30_000_000] as [UInt64] {
            other.record(
                stamps(ready: 1000, sent: 1000, done: done), phase: 1, operation: 0, outcome: .ok)
        }
        other.recordDrop(phase: 1, operation: 1, due: 1)
        let merged = IntervalSnapshot(merging: [one.snapshot(), other.snapshot()])
        #expect(merged.counters.dropped == 1)
        #expect(merged.counts.map(\.outcomes) == [[.ok: 3], [.dropped: 1]])
        #expect(merged.counts[0].over == ["10000": 3])
        let summary = try #require(merged.summary(.latency))
        #expect(abs(Double(summary.p50Nanoseconds) - 4e6) < 4e3)
        #expect(abs(Double(summary.p95Nanoseconds) - 30e6) < 30e3)
        #expect(summary.p99Nanoseconds == summary.maxNanoseconds)
        #expect(IntervalSnapshot(merging: []).summary(.lag) == nil)
    }

    @Test func `a group has exact counters of its own thresholds`() {
        let recorder = Recorder(
            phases: ["steady"], operations: ["ping"],
            thresholds: [
                .init(operation: nil, nanoseconds: 7),
                .init(operation: nil, nanoseconds: 5, group: 1),
                .init(operation: nil, nanoseconds: 9, group: 1),
            ], groups: ["all", "part"])
        for nanoseconds in [4, 5, 8, 9] as [UInt64] {
            recorder.recordGroup(nanoseconds, phase: 0, group: 1, outcome: .ok)
        }
        recorder.recordGroup(99, phase: 0, group: 1, outcome: .timeout)
        recorder.recordGroup(99, phase: 0, group: 0, outcome: .ok)
        let snapshot = recorder.snapshot()
        let all = OperationCounts(phase: "steady", operation: "all", outcomes: [.ok: 1])
        var part = OperationCounts(
            phase: "steady", operation: "part", outcomes: [.ok: 4, .timeout: 1],
            over: ["5": 3, "9": 1])
        #expect(snapshot.groups == [all, part] && snapshot.counts.isEmpty)
        #expect(
            samples(snapshot) == [
                "steady/all/group": 1, "steady/part/group": 4, "steady/part/group/failed": 1,
            ])
        recorder.recordGroup(9, phase: 0, group: 1, outcome: .ok)
        let merged = IntervalSnapshot(merging: [snapshot, recorder.snapshot()])
        part.outcomes[.ok] = 5
        part.over = ["5": 4, "9": 2]
        #expect(merged.groups == [all, part])
    }

    @Test func `a right answer over the tightest threshold is kept whole, others are not`() {
        let recorder = Recorder(
            phases: ["warm up", "steady"], operations: ["ping", "listPods"],
            thresholds: [
                .init(operation: nil, nanoseconds: 10_000), .init(operation: 1, nanoseconds: 5_000),
                .init(operation: nil, nanoseconds: 1, group: 0),
            ], groups: ["all"], evidence: Recorder.EvidenceRules(startNanoseconds: 500))
        func take(_ latency: UInt64, _ operation: Int) -> Bool {
            let stamps = stamps(ready: 1000, sent: 1000, done: 1000 + latency)
            let isOver = recorder.isOverLimit(stamps, operation: operation)
            if isOver {
                recorder.keepOverLimit(
                    EndedRequest(
                        scenario: "s", stamps: stamps, status: 200, detail: "",
                        request: Array("GET /".utf8), answer: Array("pong".utf8)), phase: 1,
                    operation: operation)
            }
            return isOver
        }
        #expect(
            [take(9_999, 0), take(10_000, 0), take(4_999, 1), take(5_000, 1)]
                == [false, true, false, true])
        let snapshot = recorder.snapshot()
        #expect(snapshot.failures.isEmpty)
        let slow = snapshot.slow.map(\.record)
        #expect(slow.map(\.operation) == ["ping", "listPods"])
        #expect(slow.allSatisfy { $0.outcome == .ok && $0.answer == "pong" && $0.error == nil })
        #expect(slow[1].detail == "5000 ns, an objective wants less than 5000 ns")
        #expect(slow[1].dueNanoseconds == 500 && slow[1].doneNanoseconds == 5_500)
    }

    @Test func `every outcome has a place of its own`() {
        #expect(Outcome.allCases.map(\.index) == Array(0..<Outcome.allCases.count))
    }
}
