import Measurements
import Testing

@testable import Collector

@Suite struct DueLedgerTests {
    /// A request with times from the start of the load, in nanoseconds.
    private struct Request {
        var due: UInt64
        var done: UInt64
        var phase: Int
        var operation: Int
        var outcome: Outcome
    }

    private static let start: UInt64 = 7_777_000_000_123
    private static let phases = ["warm up", "steady"]
    private static let operations = ["ping", "listPods"]
    /// For all operations, and for the second.
    private static let bounds: [[UInt64]] = [[40_000_000], [10_000_000, 40_000_000]]

    private func recorder() -> Recorder {
        Recorder(
            phases: Self.phases, operations: Self.operations,
            thresholds: [
                .init(operation: nil, nanoseconds: 40_000_000),
                .init(operation: 1, nanoseconds: 10_000_000),
            ],
            span: .init(startNanoseconds: Self.start, timeoutNanoseconds: 2_000_000_000))
    }

    private func record(_ request: Request, _ recorder: Recorder) {
        if request.outcome == .dropped {
            return recorder.recordDrop(
                phase: request.phase, operation: request.operation, due: Self.start + request.due)
        }
        var stamps = Stamps(due: Self.start + request.due)
        (stamps.ready, stamps.sent) = (stamps.due, stamps.due)
        (stamps.firstByte, stamps.done) = (stamps.due, Self.start + request.done)
        recorder.record(
            stamps, phase: request.phase, operation: request.operation, outcome: request.outcome)
    }

    /// Requests at random over so many seconds, in the order in which they end; some end long after
    /// any could.
    private func requests(seconds: UInt64, seed: UInt64) -> [Request] {
        var random = Numbers(state: seed)
        return (0..<3000).map { _ in
            let due = random.next() % (seconds * 1_000_000_000)
            let isLate = random.next() % 500 == 0
            let length = random.next() % (isLate ? 100_000_000_000 : 60_000_000)
            let outcome: Outcome = [.ok, .ok, .ok, .ok, .timeout, .dropped][
                Int(random.next() % 6)]
            return Request(
                due: due, done: due + length, phase: due < 3_000_000_000 ? 0 : 1,
                operation: Int(random.next() % 2), outcome: outcome)
        }.sorted { $0.done < $1.done }
    }

    /// What is to be found, counted one by one.
    private func expected(_ requests: [Request]) -> [DueSecond] {
        var seconds: [DueSecond] = []
        for request in requests {
            let isFailed = request.outcome != .ok
            let bounds = Self.bounds[request.operation]
            var second = DueSecond(
                second: Int(request.due / 1_000_000_000), phase: Self.phases[request.phase],
                operation: Self.operations[request.operation], total: 1, failed: isFailed ? 1 : 0)
            let latency = request.done - request.due
            for bound in bounds {
                second.over[String(bound)] = !isFailed && latency >= bound ? 1 : 0
            }
            var slot = DueSlot(tenth: Int(request.due / 100_000_000 % 10))
            slot.count(
                dueNanoseconds: request.due, isFailed: isFailed,
                isSlow: latency >= (bounds.min() ?? 0))
            second.slots = [slot]
            seconds.append(second)
        }
        return sorted(DueSecond.merged(seconds))
    }

    private func sorted(_ seconds: [DueSecond]) -> [DueSecond] {
        seconds.sorted {
            ($0.second, $0.phase, $0.operation) < ($1.second, $1.phase, $1.operation)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func
        `what was due is found by second and tenth, however late it ended and whenever it is taken`(
            seed: UInt64
        )
    {
        let requests = requests(seconds: 40, seed: seed)
        let recorder = recorder()
        var found: [DueSecond] = []
        var random = Numbers(state: seed + 100)
        var next: UInt64 = 1_000_000_000
        for request in requests {
            if request.done > next {
                found += recorder.snapshot(at: Self.start + request.done).due
                next = request.done + random.next() % 12_000_000_000
            }
            record(request, recorder)
        }
        found += recorder.snapshot().due
        #expect(sorted(DueSecond.merged(found)) == expected(requests), "seed \(seed)")
        #expect(recorder.snapshot().due.isEmpty)
    }

    @Test func `a second is given once nothing that was due in it can be in flight`() {
        let recorder = recorder()
        func seconds(at time: UInt64) -> [Int] {
            recorder.snapshot(at: Self.start + time).due.map(\.second)
        }
        for second in 0..<3 as Range<UInt64> {
            let due = second * 1_000_000_000 + 999_999_999
            record(
                Request(due: due, done: due + 1, phase: 1, operation: 0, outcome: .ok), recorder)
        }
        #expect(seconds(at: 3_000_000_000) == [])
        // The timeout of 2 s, and the time between two looks for what is too late.
        #expect(seconds(at: 3_199_999_999) == [])
        #expect(seconds(at: 3_200_000_000) == [0])
        #expect(seconds(at: 5_200_000_000) == [1, 2])
    }

    @Test func `of the tenths those are kept that went wrong, with their neighbours in use`() {
        func second(_ number: Int, good: [Int], bad: [Int]) -> DueSecond {
            var result = DueSecond(second: number, phase: "p", operation: "o")
            result.slots = []
            for tenth in Set(good + bad).sorted() {
                var slot = DueSlot(tenth: tenth)
                let due = UInt64(number * 10 + tenth) * 100_000_000
                for (isFailed, list) in [(false, good), (true, bad)] where list.contains(tenth) {
                    slot.count(dueNanoseconds: due, isFailed: isFailed, isSlow: false)
                }
                result.slots?.append(slot)
                result.total += slot.total
                result.failed += slot.failed
            }
            return result
        }
        var merger = DueMerger()
        func tenths(_ parts: [DueSecond], isLast: Bool = false) -> [[Int]] {
            merger.take(parts, isLast: isLast).map { second in
                (second.slots ?? []).map { $0.tenth + 10 * second.second }
            }
        }
        #expect(tenths([second(0, good: [0, 4, 8], bad: [])]) == [])
        // The second before ends with the last good tenth before the bad one.
        #expect(tenths([second(1, good: [5], bad: [2])]) == [[8]])
        #expect(tenths([second(2, good: [0, 1], bad: [7, 8])]) == [[12, 15]])
        // Nothing was due in the third second.
        #expect(tenths([second(4, good: [3, 6], bad: [])]) == [[21, 27, 28]])
        // A line that is late has what is bad, and loops are added together.
        #expect(
            tenths([second(1, good: [], bad: [9]), second(5, good: [1], bad: [])]) == [[19], [43]])
        #expect(tenths([second(5, good: [1], bad: [6])], isLast: true) == [[51, 56]])
    }
}

/// Numbers that look random, the same each time.
struct Numbers {
    var state: UInt64

    /// Source: Steele, Lea & Flood 2014, SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
