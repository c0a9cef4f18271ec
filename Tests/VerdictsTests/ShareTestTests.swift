import Statistics
import Testing

@testable import Verdicts

@Suite struct ShareTestTests {
    private func seconds(_ counts: [Int], of total: Int) -> [Proportion] {
        counts.map { Proportion($0, of: total) }
    }

    @Test func `thirty seconds are thirty batches, and more are joined`() {
        let short = ShareTest(
            perSecond: seconds([Int](repeating: 1, count: 25), of: 100), limit: 0.1)
        #expect(short.batches == 25 && short.seen == Proportion(25, of: 2500))
        let counts = (0..<600).map { $0 % 7 == 0 ? 60 : 40 }
        let long = ShareTest(perSecond: seconds(counts, of: 1000), limit: 0.1)
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
        let test = ShareTest(
            perSecond: rows, limit: 1e-5, episodes: ErrorEpisodes(sizes: [1]))
        let plain = Proportion(1, of: test.seen.total)
        #expect(test.upperBound(confidence: 0.95) == plain.upperBound(confidence: 0.95))
        #expect(test.designEffect == 1 && test.isLongEnough)
        #expect(test.verdict(confidence: 0.95) == .pass)
    }

    @Test func `a burst widens the bounds, and many scattered errors do not`() {
        var burst = [Int](repeating: 0, count: 600)
        burst[300] = 20
        let times = (0..<20).map { 300.1 + Double($0) * 0.001 }
        let together = ShareTest(
            perSecond: seconds(burst, of: 1000), limit: 1e-5,
            episodes: ShareTest.episodes(at: times, seconds: 600, requests: 600_000))
        #expect(together.designEffect >= 19)
        let scattered = (0..<20).map { 15 + Double($0) * 30 }
        var counts = [Int](repeating: 0, count: 600)
        for time in scattered { counts[Int(time)] += 1 }
        let apart = ShareTest(
            perSecond: seconds(counts, of: 1000), limit: 1e-5,
            episodes: ShareTest.episodes(at: scattered, seconds: 600, requests: 600_000))
        #expect(apart.designEffect == 1)
        #expect(apart.verdict(confidence: 0.95) == .fail)
        #expect(together.verdict(confidence: 0.95) == .inconclusive)
    }

    @Test func `a target that fails half of everything is a FAIL, not one long episode`() {
        let times = (0..<30_000).map { Double($0) * 0.002 }
        let test = ShareTest(
            perSecond: seconds([Int](repeating: 500, count: 60), of: 1000), limit: 0.001,
            episodes: ShareTest.episodes(at: times, seconds: 60, requests: 60_000))
        #expect(test.designEffect < 2)
        #expect(test.verdict(confidence: 0.95) == .fail)
    }

    @Test func `one second shows nothing of dependence`() {
        for limit in [0.5, 0.001] {
            let some = ShareTest(perSecond: [Proportion(50, of: 1000)], limit: limit)
            #expect(some.isBlind && some.upperBound(confidence: 0.95) == nil)
            #expect(some.verdict(confidence: 0.95) == .inconclusive)
        }
        let none = ShareTest(perSecond: [Proportion(0, of: 1000)], limit: 0.01)
        #expect(!none.isBlind && none.verdict(confidence: 0.95) == .pass)
        #expect(ShareTest(perSecond: [], limit: 0.01).verdict(confidence: 0.95) == .invalid)
    }

    @Test func `an outage is one episode at any rate, and independent neighbours are no bursts`() {
        // V15: a gap shorter than the time between requests made 501 episodes of 501 failures.
        let outage = (0..<501).map { 20 + Double($0) * 0.01 }
        #expect(ShareTest.episodes(at: outage, seconds: 50, requests: 5000).count == 1)
        // 5 % of independent requests: neighbours fail together by chance.
        var random = SeededRandom(seed: 11)
        let times = (0..<60_000).filter { _ in random.nextUnit() < 0.05 }.map { Double($0) * 0.01 }
        let episodes = ShareTest.episodes(at: times, seconds: 600, requests: 60_000)
        #expect(episodes.designEffect < 1.02, "\(episodes.designEffect)")
    }

    @Test func `a level that wanders widens the bounds although nothing exceeds the limit`() {
        var random = SeededRandom(seed: 5)
        var level = 0.0
        let levels = (0..<300).map { _ -> LatencyLevel in
            level = 0.8 * level + 0.6 * random.nextNormal()
            return LatencyLevel(
                (0..<100).map { _ in Double.exp(level + 0.5 * random.nextNormal()) })
        }
        let none = seconds([Int](repeating: 0, count: 300), of: 100)
        let plain = ShareTest(perSecond: none, limit: 0.05)
        let aware = ShareTest(
            perSecond: none, limit: 0.05, dependence: Dependence(levels: levels))
        #expect(plain.designEffect == 1 && aware.designEffect > 100)
        #expect((plain.upperBound(confidence: 0.95) ?? 1) < 1e-3)
        #expect((aware.upperBound(confidence: 0.95) ?? 0) > 0.01)
        #expect(aware.smallestFound(confidence: 0.95) == nil)
        // A run as short as its own correlation says nothing of another.
        let short = ShareTest(
            perSecond: Array(none[..<20]), limit: 0.05,
            dependence: Dependence(levels: Array(levels[..<20])))
        #expect(!short.isLongEnough && short.verdict(confidence: 0.95) == .inconclusive)
    }

    @Test func `a FAIL's probability is the alpha at which it begins`() {
        let test = ShareTest(perSecond: seconds([3, 3, 3, 3, 3], of: 100), limit: 0.01)
        let chance = test.failProbability
        #expect((test.lowerBound(confidence: 1 - chance * 1.001) ?? 0) > 0.01)
        #expect((test.lowerBound(confidence: 1 - chance * 0.999) ?? 1) <= 0.01)
        // scipy: binom.sf(14, 500, 0.01) is 0.000205678.
        #expect(test.designEffect == 1 && abs(chance - 0.000205678) < 1e-8, "\(chance)")
        #expect(ShareTest(perSecond: seconds([0, 0], of: 9), limit: 0.1).failProbability == 1)
    }

    @Test func `the smallest share that is found is found four times in five`() throws {
        let test = ShareTest(
            perSecond: seconds([Int](repeating: 0, count: 60), of: 1000), limit: 0.001)
        let share = try #require(test.smallestFound(confidence: 0.95))
        let errors = try #require(
            SampleSize.minimumErrorsThatFail(trials: 60_000, limit: 0.001, confidence: 0.95))
        let power = Binomial.atLeast(errors, trials: 60_000, probability: share)
        // 0.87 by the binomial alone, of which batches that differ by chance leave 0.8.
        #expect(abs(power - 0.87) < 1e-6 && share > 0.001 && share < 0.0015)
    }
}
