import Statistics
import Verdicts

/// A truth to simulate runs under, at the limit itself, where each word is as often wrong as it
/// may be.
struct Scenario: Sendable {
    /// What is simulated, in words.
    let name: String
    /// Most wrong words of each kind in 2,000 runs: 5 % and some three standard errors, more where
    /// the specification says that the correction is only nearly exact.
    let mostWrong: Int
    /// Simulates one run and judges it.
    let judge: @Sendable (inout SeededRandom) -> Verdict

    static let confidence = 0.95

    /// Every scenario, in the order of the table.
    static let all: [Scenario] = [
        independentErrors, bursts, geometricBursts, independentLatency, fewLatencies,
        wanderingLatency(of: 0.5), wanderingLatency(of: 1), sequential,
    ]

    private static let errorLimit = 1e-5
    private static let slowLimit = 0.05
    private static let requestsPerSecond = 1_000

    // MARK: Errors

    /// Independent errors, as many requests as the default plan for 0.001 % asks for.
    private static let independentErrors = Scenario(
        name: "error rate < 0.001 %, independent errors, 629,578 requests (planned)",
        mostWrong: 130
    ) { random in
        judgedErrors(&random, requests: 629_578) { _ in 1 }
    }

    private static let bursts = Scenario(
        name: "error rate < 0.001 %, bursts of 10, 5,000,000 requests", mostWrong: 130
    ) { random in
        judgedErrors(&random, requests: 5_000_000, meanSize: 10) { _ in 10 }
    }

    private static let geometricBursts = Scenario(
        name: "error rate < 0.001 %, geometric bursts of mean 10, 5,000,000 requests",
        mostWrong: 130
    ) { random in
        judgedErrors(&random, requests: 5_000_000, meanSize: 10) { random in
            1 + random.nextGap(0.1)
        }
    }

    /// Episodes at random times, whose errors are consecutive requests; the true share of errors is
    /// the limit.
    private static func judgedErrors(
        _ random: inout SeededRandom, requests: Int, meanSize: Double = 1,
        size: (inout SeededRandom) -> Int
    ) -> Verdict {
        let gap = meanSize / errorLimit
        var failed: [Int] = []
        var start = random.nextExponential() * gap
        while start < Double(requests) {
            let first = max(Int(start), (failed.last ?? -1) + 1)
            failed += first..<max(first, min(first + size(&random), requests))
            start += random.nextExponential() * gap
        }
        return ShareTest(
            perSecond: seconds(requests, failed),
            episodes: ShareTest.episodes(
                at: failed.map { Double($0) / Double(requestsPerSecond) },
                seconds: Double(requests) / Double(requestsPerSecond))
        ).verdict(limit: errorLimit, confidence: confidence)
    }

    /// Each second's requests, the last one's as many as are left.
    private static func seconds(_ requests: Int, _ failed: [Int]) -> [Proportion] {
        let count = (requests + requestsPerSecond - 1) / requestsPerSecond
        var counts = [Int](repeating: 0, count: count)
        for place in failed { counts[place / requestsPerSecond] += 1 }
        return (0..<count).map { second in
            let total = min(requestsPerSecond, requests - second * requestsPerSecond)
            return Proportion(counts[second], of: total)
        }
    }

    // MARK: Latency

    private static let independentLatency = Scenario(
        name: "p(95), independent latencies, 600,000 requests", mostWrong: 130
    ) { random in
        judgedLatency((0..<600).map { _ in random.nextBinomial(1_000, slowLimit) }, of: 1_000)
    }

    /// As few as the plan for half the allowance asks for.
    private static let fewLatencies = Scenario(
        name: "p(95), independent latencies, 360 requests (planned)", mostWrong: 130
    ) { random in
        judgedLatency((0..<30).map { _ in random.nextBinomial(12, slowLimit) }, of: 12)
    }

    /// Latencies are log-normal, with 0.5 from request to request and `deviation` from second to
    /// second, where 0.8 of it stays.
    private static func wanderingLatency(of deviation: Double) -> Scenario {
        // The threshold that 5 % of all requests exceed.
        let threshold =
            NormalDistribution.quantile(1 - slowLimit)
            * (0.25 + deviation * deviation).squareRoot()
        return Scenario(
            name: "p(95), AR(1) 0.8 a second of log-sd \(deviation), 1,000/s for 600 s",
            mostWrong: 160
        ) { random in
            var load = random.nextNormal()
            let counts = (0..<600).map { _ in
                let slow = NormalDistribution.above((threshold - deviation * load) / 0.5)
                load = 0.8 * load + 0.6 * random.nextNormal()
                return random.nextBinomial(1_000, slow)
            }
            return judgedLatency(counts, of: 1_000)
        }
    }

    private static func judgedLatency(_ counts: [Int], of size: Int) -> Verdict {
        ShareTest(perSecond: counts.map { Proportion($0, of: size) })
            .verdict(limit: slowLimit, confidence: confidence)
    }

    // MARK: Stopping early

    private static let sequential = Scenario(
        name: "error rate < 0.001 %, looked at after every request up to 3,000,000",
        mostWrong: 130
    ) { random in
        let test = SequentialTest(limit: errorLimit, confidence: confidence)
        let most = 3_000_000
        var seen = Proportion(0, of: 0)
        // Evidence to pass is largest just before an error, evidence to fail just after one.
        while seen.total < most {
            let error = seen.total + random.nextGap(errorLimit)
            let clean = min(most, error)
            if test.verdict(Proportion(seen.count, of: clean)) == .pass { return .pass }
            guard error < most else { break }
            seen = Proportion(seen.count + 1, of: error + 1)
            if test.verdict(seen) == .fail { return .fail }
        }
        return .inconclusive
    }
}
