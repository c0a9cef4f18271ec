import FoundationEssentials
import Statistics
import Verdicts

/// How often comparisons of simulated rounds are wrong, where the truth is known.
///
/// A round has noise that both its runs share and that stays for some rounds, each process has its
/// own, the level wanders within a run, and latencies are log-normal: so nothing repeats, and no
/// two comparisons see the same noise.
struct GateSimulation {
    /// A row's counts.
    struct Row {
        let truth: GateTruth
        let count: Int
        let words: [Comparison.Word: Int]
        let comparisons: Int

        var isWithinBounds: Bool { truth.allows(count, of: comparisons) }
    }

    /// Requests of one run.
    private static let requests = 400
    private static let medianNanoseconds = 5e6
    /// Log-sd from request to request.
    private static let requestDeviation = 0.3
    /// Log-sd from process to process, as by its addresses.
    private static let processDeviation = 0.02
    /// Log-sd of what both runs of a round share, and how much of it stays to the next.
    private static let roundDeviation = 0.05
    private static let roundMemory = 0.7
    /// Within a run: log-sd of its parts, and how much stays from one to the next.
    private static let parts = 10
    private static let partDeviation = 0.05
    private static let partMemory = 0.6

    let seed: UInt64
    let rows: [Row]

    /// Simulates `comparisons` comparisons for each truth.
    init(comparisons: Int, seed: UInt64, truths: [GateTruth] = GateTruth.simulated) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        rows = truths.map { truth in
            var count = 0
            var words: [Comparison.Word: Int] = [:]
            for _ in 0..<comparisons {
                let comparison = Self.comparison(truth, &random)
                words[comparison.word, default: 0] += 1
                if truth.counted.counts(comparison) { count += 1 }
            }
            return Row(truth: truth, count: count, words: words, comparisons: comparisons)
        }
    }

    /// Rounds up to the look that decides, or the last one.
    private static func comparison(_ truth: GateTruth, _ random: inout SeededRandom) -> Comparison {
        var sides = (baseline: [RunFigures](), candidate: [RunFigures]())
        var shared = random.nextNormal()
        var comparison = Comparison(baseline: [], candidate: [], rule: ComparisonRule())
        while let next = Comparison.nextLook(after: sides.baseline.count) {
            while sides.baseline.count < next {
                let level = roundDeviation * shared
                let round = sides.baseline.count
                sides.baseline.append(run(level, round, &random))
                sides.candidate.append(run(level + Double.log(truth.factor), round, &random))
                shared = step(shared, roundMemory, &random)
            }
            comparison = Comparison(
                baseline: sides.baseline, candidate: sides.candidate,
                rule: ComparisonRule(margin: truth.margin))
            if comparison.word != .inconclusive { break }
        }
        return comparison
    }

    private static func run(
        _ level: Double, _ round: Int, _ random: inout SeededRandom
    ) -> RunFigures {
        let own = level + processDeviation * random.nextNormal()
        var part = random.nextNormal()
        var latencies: [Double] = []
        for _ in 0..<parts {
            for _ in 0..<requests / parts {
                let logarithm =
                    own + partDeviation * part + requestDeviation * random.nextNormal()
                latencies.append(medianNanoseconds * Double.exp(logarithm))
            }
            part = step(part, partMemory, &random)
        }
        latencies.sort()
        var values = ["error-rate": 0.0]
        for (name, quantile) in [("p50", 500_000), ("p95", 950_000)] {
            let rank = QuantileRanks.point(trials: requests, partsPerMillion: quantile)
            values[name] = latencies[rank - 1]
        }
        return RunFigures(run: "round \(round + 1)", requests: requests, values: values)
    }

    /// The next value of a series of standard deviation 1 that keeps `memory` of itself.
    private static func step(
        _ value: Double, _ memory: Double, _ random: inout SeededRandom
    ) -> Double {
        memory * value + (1 - memory * memory).squareRoot() * random.nextNormal()
    }

    /// Whether every row has what it may have; false without rows.
    var isWithinBounds: Bool { !rows.isEmpty && rows.allSatisfy(\.isWithinBounds) }

    /// The table as Markdown.
    var markdown: String {
        let words = GateTable.words.dropLast()
        var text = "| simulated, seed \(seed) | comparisons | "
        text += words.map(\.rawValue).joined(separator: " | ") + " | must | is |\n"
        text += String(repeating: "|---", count: words.count + 4) + "|\n"
        for row in rows {
            func share(_ count: Int) -> String {
                Figure.percent(Double(count) / Double(max(1, row.comparisons)))
            }
            let cells = words.map { share(row.words[$0] ?? 0) }.joined(separator: " | ")
            text += "| \(row.truth.description) | \(row.comparisons) | \(cells) | "
            text += "\(row.truth.bound) | \(share(row.count))"
            text += "\(row.isWithinBounds ? "" : ", missed") |\n"
        }
        return text
    }
}
