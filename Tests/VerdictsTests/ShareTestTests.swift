import Statistics
import Testing

@testable import Verdicts

@Suite struct ShareTestTests {
    private func seconds(_ counts: [Int], of total: Int) -> [Proportion] {
        counts.map { Proportion($0, of: total) }
    }

    @Test func `thirty seconds are thirty batches, and more are joined`() {
        let short = ShareTest(perSecond: seconds([Int](repeating: 1, count: 25), of: 100))
        #expect(short.batches == 25 && short.seen == Proportion(25, of: 2500))
        let counts = (0..<600).map { $0 % 7 == 0 ? 60 : 40 }
        let long = ShareTest(perSecond: seconds(counts, of: 1000))
        let batches = (0..<30).map { batch in
            Proportion(counts[(batch * 20)..<(batch * 20 + 20)].reduce(0, +), of: 20_000)
        }
        let expected = ClusteredProportion(batches: batches)
        #expect(long.designEffect == expected.designEffect)
        #expect(
            long.upperBound(confidence: 0.95) == expected.upperBound(confidence: 0.95))
    }

    @Test func `a single error is judged by the exact bounds, whatever the batches' sizes`() {
        // Unequal batches would make the design effect a hair above 1, and one episode would leave
        // one degree of freedom: the bound would be ten times too wide.
        let rows = (0..<300).map { Proportion($0 == 17 ? 1 : 0, of: 2000 + $0 % 3) }
        let test = ShareTest(perSecond: rows, episodes: ErrorEpisodes(sizes: [1]))
        let plain = Proportion(1, of: test.seen.total)
        #expect(test.upperBound(confidence: 0.95) == plain.upperBound(confidence: 0.95))
        #expect(test.designEffect == 1 && test.isLongEnough)
        #expect(test.verdict(limit: 1e-5, confidence: 0.95) == .pass)
    }

    @Test func `a burst widens the bounds, and many scattered errors do not`() {
        var burst = [Int](repeating: 0, count: 600)
        burst[300] = 20
        let times = (0..<20).map { 300.1 + Double($0) * 0.001 }
        let together = ShareTest(
            perSecond: seconds(burst, of: 1000),
            episodes: ShareTest.episodes(at: times, seconds: 600))
        #expect(together.designEffect >= 19)
        let scattered = (0..<20).map { 15 + Double($0) * 30 }
        var counts = [Int](repeating: 0, count: 600)
        for time in scattered { counts[Int(time)] += 1 }
        let apart = ShareTest(
            perSecond: seconds(counts, of: 1000),
            episodes: ShareTest.episodes(at: scattered, seconds: 600))
        #expect(apart.designEffect == 1)
        #expect(apart.verdict(limit: 1e-5, confidence: 0.95) == .fail)
        #expect(together.verdict(limit: 1e-5, confidence: 0.95) == .inconclusive)
    }

    @Test func `a target that fails half of everything is a FAIL, not one long episode`() {
        let times = (0..<30_000).map { Double($0) * 0.002 }
        let test = ShareTest(
            perSecond: seconds([Int](repeating: 500, count: 60), of: 1000),
            episodes: ShareTest.episodes(at: times, seconds: 60))
        #expect(test.designEffect < 2)
        #expect(test.verdict(limit: 0.001, confidence: 0.95) == .fail)
    }

    @Test func `one second shows nothing of dependence`() {
        let some = ShareTest(perSecond: [Proportion(50, of: 1000)])
        #expect(some.isBlind && some.upperBound(confidence: 0.95) == nil)
        for limit in [0.5, 0.001] {
            #expect(some.verdict(limit: limit, confidence: 0.95) == .inconclusive)
        }
        let none = ShareTest(perSecond: [Proportion(0, of: 1000)])
        #expect(!none.isBlind && none.verdict(limit: 0.01, confidence: 0.95) == .pass)
        #expect(ShareTest(perSecond: []).verdict(limit: 0.01, confidence: 0.95) == .invalid)
    }

    @Test func `the smallest share that is found is found four times in five`() throws {
        let test = ShareTest(perSecond: seconds([Int](repeating: 0, count: 60), of: 1000))
        let share = try #require(test.smallestFound(limit: 0.001, confidence: 0.95))
        let errors = try #require(
            SampleSize.fewestErrorsThatFail(trials: 60_000, limit: 0.001, confidence: 0.95))
        let power = Binomial.atLeast(errors, trials: 60_000, probability: share)
        #expect(abs(power - 0.8) < 1e-6 && share > 0.001 && share < 0.0015)
    }
}
