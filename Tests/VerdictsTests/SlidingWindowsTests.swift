import Statistics
import Testing

@testable import Verdicts

@Suite struct SlidingWindowsTests {
    private func shares(_ counts: [Int], limit: Double, width: Int = 10) -> SlidingWindows {
        func test(_ range: Range<Int>) -> ShareTest {
            ShareTest(perSecond: counts[range].map { Proportion($0, of: 1000) }, limit: limit)
        }
        return SlidingWindows(
            seconds: counts.count, width: width, confidence: 0.95, least: test, most: test)
    }

    @Test func `clean windows pass, and each is counted`() {
        let windows = shares([Int](repeating: 0, count: 60), limit: 0.01)
        #expect(windows.verdict == .pass && windows.count == 51 && windows.failed.isEmpty)
    }

    @Test func `a bad stretch is found wherever it begins, though the whole would pass`() {
        for begin in [20, 25, 27] {
            var counts = [Int](repeating: 0, count: 120)
            for second in begin..<begin + 10 { counts[second] = 30 }
            let whole = ShareTest(
                perSecond: counts.map { Proportion($0, of: 1000) }, limit: 0.01)
            #expect(whole.seen.count * 200 < whole.seen.total)
            let windows = shares(counts, limit: 0.01)
            #expect(windows.verdict == .fail && windows.failed.contains(begin))
            // Every window that fails holds some of the bad seconds.
            #expect(windows.failed.allSatisfy { $0 > begin - 10 && $0 < begin + 10 })
        }
    }

    @Test func `too short a run has no window`() throws {
        #expect(shares([0, 0, 0], limit: 0.1).verdict == .inconclusive)
        let few = SlidingWindows(
            try Series([1, 2, 3]), width: 10, atLeast: 1, confidence: 0.95)
        #expect(few.verdict == .inconclusive && few.count == 0)
    }

    @Test func `a dip in the rate across two windows is found`() throws {
        var random = SeededRandom(seed: 7)
        var rates = (0..<120).map { _ in 1000 + 10 * random.nextNormal() }
        let clean = try Series(rates)
        #expect(
            SlidingWindows(clean, width: 10, atLeast: 950, confidence: 0.95).verdict == .pass)
        for second in 35..<45 { rates[second] = 800 + 10 * random.nextNormal() }
        let dip = SlidingWindows(
            try Series(rates), width: 10, atLeast: 950, confidence: 0.95)
        #expect(dip.verdict == .fail && dip.failed.contains(35))
    }

    @Test func `windows at the limit itself fail seldom`() {
        // 200 runs of 60 s whose true share is the limit: both words are to be rare.
        var random = SeededRandom(seed: 3)
        var (passed, failed) = (0, 0)
        for _ in 0..<200 {
            let counts = (0..<60).map { _ in random.nextBinomial(1000, 0.02) }
            switch shares(counts, limit: 0.02).verdict {
            case .pass: passed += 1
            case .fail: failed += 1
            case .inconclusive, .invalid: break
            }
        }
        #expect(passed == 0 && failed <= 20, "\(passed) PASS, \(failed) FAIL")
    }
}
