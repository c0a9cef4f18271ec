import Testing

@testable import Statistics

@Suite struct ClusteredProportionTests {
    /// 30 batches of `size` with these counts first, 0 after them.
    private func batches(_ counts: [Int], of size: Int) -> [Proportion] {
        (0..<30).map { Proportion($0 < counts.count ? counts[$0] : 0, of: size) }
    }

    @Test func `without bursts the exact bounds come back`() {
        let one = ClusteredProportion(
            batches: batches([1, 0, 1, 0, 1], of: 100_000),
            episodes: ErrorEpisodes(sizes: [1, 1, 1]))
        #expect(one.designEffect == 1)
        #expect(one.upperBound(confidence: 0.95) == one.seen.upperBound(confidence: 0.95))
        #expect(one.lowerBound(confidence: 0.95) == one.seen.lowerBound(confidence: 0.95))
        for count in [0, 100_000] {
            let all = ClusteredProportion(
                batches: [Proportion](repeating: Proportion(count, of: 100_000), count: 30))
            #expect(all.designEffect == 1 && all.isLongEnough)
        }
    }

    @Test func `longer bursts make wider bounds`() throws {
        let bounds = try [1, 2, 5, 10].map { size in
            let one = ClusteredProportion(
                batches: batches([Int](repeating: 1, count: 10), of: 100_000),
                episodes: ErrorEpisodes(sizes: [Int](repeating: size, count: 10 / size)))
            return try #require(one.upperBound(confidence: 0.95))
        }
        #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "\(bounds)")
    }

    @Test func `episodes are the gaps that are longer`() {
        var random = SeededRandom(seed: 5)
        var time = 0.0
        let times = (0..<300).map { _ in
            time += random.nextExponential()
            return time
        }
        let episodes = ErrorEpisodes(times: times, gapSeconds: 1)
        let gaps = zip(times, times.dropFirst()).count { $1 - $0 > 1 }
        #expect(episodes.count == gaps + 1)
        #expect(episodes.sizes.reduce(0, +) == 300)
        #expect(ErrorEpisodes(times: times.reversed(), gapSeconds: 1) == episodes)
        #expect(ErrorEpisodes(sizes: [4, 4]).designEffect == 4)
    }

    @Test func `at the limit bursts of ten pass and fail as seldom as agreed`() {
        let simulation = Simulation(seed: 20_240_502, runs: 1_000)
        var passes = 0
        let fails = simulation.count { random in
            // 5 episodes of ten errors in 5,000,000 requests at 1,000/s.
            let verdict = bursts(
                &random, episodes: 5, size: 10, requests: 5_000_000, seconds: 5_000
            )
            .verdict(limit: 1e-5, confidence: 0.95)
            if verdict == .pass { passes += 1 }
            return verdict == .fail
        }
        #expect(passes <= 65 && fails <= 65, "\(passes), \(fails); seed \(simulation.seed)")
    }

    private func bursts(
        _ random: inout SeededRandom, episodes: Double, size: Int, requests: Int, seconds: Double
    ) -> ClusteredProportion {
        var counts = [Int](repeating: 0, count: 30)
        var times: [Double] = []
        var start = random.nextExponential() * seconds / episodes
        while start < seconds {
            for place in 0..<size where start + Double(place) / 1_000 < seconds {
                let time = start + Double(place) / 1_000
                times.append(time)
                counts[min(29, Int(time / seconds * 30))] += 1
            }
            start += random.nextExponential() * seconds / episodes
        }
        return ClusteredProportion(
            batches: counts.map { Proportion($0, of: requests / 30) },
            episodes: ErrorEpisodes(times: times.sorted()))
    }

    @Test func `latency that changes from second to second passes as seldom as agreed`() {
        let simulation = Simulation(seed: 20_240_503, runs: 200)
        // The share above the threshold is 5 % over all; its logit wanders with a memory of 0.8.
        let threshold = -NormalDistribution.quantile(0.05) * (1.25).squareRoot()
        var naive = 0
        let passes = simulation.count { random in
            let load = random.nextSeries(600, correlation: 0.8)
            let counts = (0..<30).map { batch in
                load[batch * 20..<batch * 20 + 20].reduce(0) { sum, value in
                    sum
                        + random.nextBinomial(
                            200, NormalDistribution.above(threshold - 0.5 * value))
                }
            }
            let seen = ClusteredProportion(batches: counts.map { Proportion($0, of: 4_000) })
            if seen.seen.verdict(limit: 0.05, confidence: 0.95) == .pass { naive += 1 }
            return seen.verdict(limit: 0.05, confidence: 0.95) == .pass
        }
        #expect(passes <= 27, "\(passes) of 200; seed \(simulation.seed)")
        #expect(naive > 40, "independent bounds pass \(naive) of 200")
    }

    @Test func `what no episode says of bursts`() {
        #expect(ErrorEpisodes.longestBurst(trials: 3_000_000, limit: 1e-5, confidence: 0.95) == 10)
        let hourly = ErrorEpisodes.maximumPerHour(episodes: 2, hours: 1, confidence: 0.95)
        #expect(abs(hourly - 6.296) < 0.001)
    }
}
