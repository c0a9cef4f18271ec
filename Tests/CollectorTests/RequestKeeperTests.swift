import Measurements
import Testing

@testable import Collector

@Suite struct RequestKeeperTests {
    private func request(
        _ number: Int, _ rules: Recorder.EvidenceRules = Recorder.EvidenceRules()
    ) -> KeptRequest {
        var stamps = Stamps(due: UInt64(number))
        stamps.done = UInt64(number) + 1
        return KeptRequest(
            EndedRequest(
                scenario: "s", stamps: stamps, status: 0, detail: "", request: [], answer: []),
            phase: "p", operation: "o", Recorder.Failure(.reset), rules)
    }

    /// What is in a file once every line has been added: the numbers, by what they have for a slot.
    private struct Page {
        var lines = 0
        var fixed: [Int] = []
        var slots: [String: Int] = [:]

        mutating func add(_ requests: [KeptRequest]) {
            for record in requests.map(\.record) {
                lines += 1
                if let slot = record.slot {
                    slots[slot] = Int(record.dueNanoseconds)
                } else {
                    fixed.append(Int(record.dueNanoseconds))
                }
            }
        }

        var numbers: [Int] { fixed + slots.values }
    }

    /// Offers requests 0, 1, 2 and so on, with a `take` every so many.
    private func page(
        _ count: Int, seed: UInt64, every: Int = 100, keepsLast: Bool = true, kind: (Int) -> Int
    ) -> Page {
        var keeper = RequestKeeper(thread: 3, seed: seed, keepsLast: keepsLast)
        var page = Page()
        for number in 0..<count {
            keeper.offer(kind: kind(number)) { request(number) }
            if number % every == every - 1 { page.add(keeper.take(withLast: number % 7 == 0)) }
        }
        page.add(keeper.take(withLast: true))
        return page
    }

    @Test func `as long as there is room, every request is kept once`() {
        for count in [0, 1, 8, 9, 1008, 1000] {
            let page = page(count, seed: 1) { _ in 0 }
            #expect(page.numbers.sorted() == Array(0..<count))
            #expect(page.lines == count, "a request was written twice")
        }
    }

    @Test func `the first eight and the last of each kind are always there`() {
        // One kind in a thousand, and one that ends early.
        for seed in 0..<5 as Range<UInt64> {
            let page = page(30_000, seed: seed) { $0 % 1000 == 5 ? 1 : $0 < 3000 ? 2 : 0 }
            let rare = (0..<30).map { $0 * 1000 + 5 }
            let early = (0..<3000).filter { $0 % 1000 != 5 }
            let common = (3000..<30_000).filter { $0 % 1000 != 5 }
            for kind in [rare, early, common] {
                let first = kind.prefix(8)
                #expect(page.fixed.filter { kind.contains($0) } == Array(first))
                let isLastThere = page.numbers.contains(kind[kind.count - 1])
                #expect(isLastThere, "seed \(seed)")
            }
            #expect(Set(page.numbers).count == page.numbers.count)
            #expect(page.slots.count <= RequestKeeper.sampleSize + 3)
        }
    }

    /// 50 samples of 1,000 of 20,000: each twentieth of the run has 2,500 of the 50,000 drawn.
    @Test func `the sample is drawn evenly from the whole run`() {
        var drawn = [Int](repeating: 0, count: 20)
        for seed in 0..<50 as Range<UInt64> {
            let page = page(20_008, seed: seed, every: 5000, keepsLast: false) { _ in 0 }
            #expect(page.slots.count == 1000)
            for number in page.slots.values { drawn[(number - 8) / 1000] += 1 }
        }
        #expect(drawn.reduce(0, +) == 50_000)
        let chiSquare = drawn.reduce(0.0) { sum, count in
            let off = Double(count) - 2500
            return sum + off * off / 2500
        }
        // 19 degrees of freedom: 43.8 in one of 1,000.
        #expect(chiSquare < 43.8, "\(drawn)")
    }

    /// k (1 + ln(n / k)) on average.
    @Test func `what is written grows with the logarithm of the run`() {
        let page = page(200_000, seed: 4, every: 1, keepsLast: false) { _ in 0 }
        #expect(abs(Double(page.lines) - 1000 * (1 + 5.2933)) < 400, "\(page.lines)")
    }

    @Test func `slots of threads differ, and what is written has no secret`() {
        let recorders = [0, 1].map { thread in
            Recorder(
                phases: ["p"], operations: ["o"], thresholds: [],
                evidence: Recorder.EvidenceRules(
                    mask: SecretMask(["hunter2"]), thread: thread, seed: 9))
        }
        let body = Array((String(repeating: "x", count: 2044) + "hunter2" + "y").utf8)
        for recorder in recorders {
            for due in 0..<2000 as Range<UInt64> {
                var stamps = Stamps(due: due)
                stamps.done = due + 1
                recorder.recordFailure(
                    EndedRequest(
                        scenario: "s", stamps: stamps, status: 401, detail: "no hunter2",
                        request: Array("GET /?key=hunter2".utf8), answer: body), phase: 0,
                    operation: 0, .init(.wrongContent, status: 401, error: "$.hunter2"))
            }
        }
        let merged = IntervalSnapshot(merging: recorders.map { $0.snapshot(withLast: true) })
        let slots = merged.failures.compactMap(\.slot)
        #expect(Set(slots).count == slots.count && slots.count >= 2000)
        for record in merged.failures {
            #expect(record.request == "GET /?key=***" && record.detail == "no ***")
            #expect(record.error == "$.***" && !record.answer.contains("hunt"))
            #expect(record.status == 401 && record.answer.count <= 2048)
        }
    }
}
