import Measurements
import Testing

@testable import Collector

@Suite struct SilenceLedgerTests {
    /// A request with times in milliseconds from the start of the load.
    struct Request {
        var due: Int
        var done: Int
        var outcome = Outcome.ok
    }

    /// What a recorder makes of requests, which end in this order, and of a snapshot at each time.
    private func silences(_ requests: [Request], snapshots: [Int] = []) -> [Silence] {
        let start: UInt64 = 3_000_000_000
        let recorder = Recorder(
            phases: ["p"], operations: ["o"], thresholds: [],
            span: .init(startNanoseconds: start, timeoutNanoseconds: 5_000_000_000))
        func stamp(_ milliseconds: Int) -> UInt64 { start + UInt64(milliseconds) * 1_000_000 }
        var found: [Silence] = []
        var rest = snapshots[...]
        for request in requests.sorted(by: { $0.done < $1.done }) {
            while let time = rest.first, time < request.done {
                found += recorder.snapshot(at: stamp(time)).silences
                rest.removeFirst()
            }
            var stamps = Stamps(due: stamp(request.due))
            (stamps.ready, stamps.sent, stamps.firstByte) = (stamps.due, stamps.due, stamps.due)
            stamps.done = stamp(request.done)
            recorder.record(stamps, phase: 0, operation: 0, outcome: request.outcome)
        }
        found += recorder.snapshot().silences
        return SilenceMerger(loopCount: 1).taking(found)
    }

    private func silence(
        _ from: Int, _ due: Int, _ end: Int?, last: Int? = nil
    ) -> Silence {
        func time(_ value: Int) -> UInt64 { UInt64(value) * 1_000_000 }
        return Silence(
            loop: 0, operation: "o", fromNanoseconds: time(from), dueNanoseconds: time(due),
            toNanoseconds: end.map(time), lastNanoseconds: last.map(time))
    }

    /// 500/s for so many milliseconds, each answered after 1 ms unless it is due in the stop: then
    /// when that ends, or by the timeout.
    private func stopped(
        _ stop: Range<Int>, for length: Int, timeout: Int = 5000
    ) -> [Request] {
        stride(from: 0, to: length, by: 2).map { due in
            guard stop.contains(due + 1) else { return Request(due: due, done: due + 1) }
            let isInTime = due + timeout >= stop.upperBound
            return Request(
                due: due, done: min(stop.upperBound + due % 7, due + timeout),
                outcome: isInTime ? .ok : .timeout)
        }
    }

    @Test(arguments: [[], Array(stride(from: 500, to: 20_000, by: 1000))])
    func `a stop of three seconds is one silence, from the first that was due to the first answer`(
        snapshots: [Int]
    ) {
        let found = silences(stopped(4001..<7001, for: 12_000), snapshots: snapshots)
        #expect(found == [silence(3999, 4000, 7001)])
    }

    @Test func `a stop longer than the timeout reaches back to the first request that failed`() {
        let found = silences(stopped(4001..<12_001, for: 20_000))
        #expect(found == [silence(3999, 4000, 12_001)])
    }

    @Test func `that the latest request is answered first does not hide who waited before it`() {
        let requests = stopped(4001..<12_001, for: 20_000).map { request in
            guard (6900..<12_000).contains(request.due) else { return request }
            return Request(due: request.due, done: 12_005)
        }
        // Nothing failed between 11,898 and the answer to what was due at 12,000.
        #expect(silences(requests) == [silence(3999, 4000, 12_001)])
    }

    @Test func `what never came back goes on at the end of the load`() {
        let found = silences(stopped(4001..<90_000, for: 8000, timeout: 1000))
        #expect(found == [silence(3999, 4000, nil, last: 8998)])
    }

    @Test(
        arguments: [
            // Nothing waits between two answers.
            [Request(due: 500, done: 501), Request(due: 1000, done: 1001)],
            // An answer comes within 100 ms of the one before.
            (0..<50).map { Request(due: $0 * 99, done: $0 * 99 + 1) },
            // One request hangs alone, and all others are answered.
            (0..<100).map { Request(due: $0 * 50, done: $0 * 50 + 1) } + [
                Request(due: 1001, done: 4001)
            ],
            // Connections are refused at once.
            (0..<100).map { Request(due: $0 * 50, done: $0 * 50 + 1, outcome: .refused) }
                + [Request(due: 5000, done: 5001)],
            // One that is slow alone while nothing else is due says nothing of others.
            [
                Request(due: 0, done: 300), Request(due: 10, done: 30),
                Request(due: 250, done: 251),
            ],
        ] as [[Request]])
    func `a target that answers, or refuses, is not silent`(requests: [Request]) {
        #expect(silences(requests).isEmpty)
    }

    @Test func `one that is answered late may have waited longest`() {
        let requests = [
            Request(due: 0, done: 1), Request(due: 100, done: 1003), Request(due: 600, done: 1000),
            Request(due: 50, done: 1500, outcome: .wrongStatus), Request(due: 1400, done: 1401),
        ]
        // The one due at 100 waits from 1000 to 1003 too, and what comes at 1401 to 1500 for none.
        #expect(silences(requests) == [silence(1, 50, 1000)])
        // A snapshot does not give it away while something that waited in it may be in flight.
        #expect(silences(requests, snapshots: [1001, 1402]) == [silence(1, 50, 1000)])
    }

    @Test func `silences in which nothing waited are kept where another loop waited meanwhile`() {
        func on(_ loop: Int, _ from: UInt64, _ due: UInt64?, _ end: UInt64?) -> Silence {
            Silence(
                loop: loop, operation: "o", fromNanoseconds: from, dueNanoseconds: due,
                toNanoseconds: end)
        }
        var merger = SilenceMerger(loopCount: 2)
        let (before, during) = (on(1, 0, nil, 200), on(1, 200, nil, 500))
        #expect(merger.take([before]).isEmpty)
        #expect(merger.take([during]).isEmpty)
        let waiting = on(0, 300, 310, 700)
        #expect(merger.take([waiting]) == [waiting, during])
        // The one that comes later is still told of it, and nothing is told twice.
        let after = on(1, 500, nil, nil)
        #expect(merger.take([after, on(0, 700, nil, nil)]) == [after])
        #expect(merger.take([on(0, 900, nil, 1000)]).isEmpty)
    }
}

extension SilenceMerger {
    /// What it gives of some silences.
    fileprivate func taking(_ silences: [Silence]) -> [Silence] {
        var merger = self
        return merger.take(silences)
    }
}
