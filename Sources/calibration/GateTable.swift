import FoundationEssentials
import Statistics
import Verdicts

/// How often the gate gave each word for pairs of nodes whose truth is known, and how often it
/// would over all orders of the rounds that were recorded.
struct GateTable {
    /// A row's counts.
    struct Row {
        let truth: GateTruth
        let counts: [Comparison.Word: Int]
        /// In how many the truth's word is the one that is counted.
        let counted: Int
        /// The same of resampled comparisons.
        let resampled: [Comparison.Word: Int]
        let resampledCounted: Int
        let rounds: Int
        let longestSeconds: Double

        var isWithinBounds: Bool { truth.allows(counted, of: counts.values.reduce(0, +)) }
    }

    static let words: [Comparison.Word] = [
        .improved, .same, .regressed, .inconclusive, .invalid,
    ]
    static let resamplings = 2_000

    let rows: [Row]

    /// Whether every row has what it may have; false without rows.
    var isWithinBounds: Bool { !rows.isEmpty && rows.allSatisfy(\.isWithinBounds) }

    /// Reads `FOLDER/NAME/*/comparison.json` for each row that is there.
    init(reading folder: String, seed: UInt64) {
        rows = GateTruth.nodes.compactMap { truth in
            let records = Self.records("\(folder)/\(truth.name)")
            return records.isEmpty ? nil : Row(truth, records, seed: seed)
        }
    }

    private static func records(_ folder: String) -> [ComparisonRecord] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)/comparison.json").flatMap {
                try? decoder.decode(ComparisonRecord.self, from: $0)
            }
        }
    }

    var markdown: String {
        var text =
            "| truth | comparisons | "
            + Self.words.map(\.rawValue).joined(separator: " | ")
            + " | must | is | rounds | longest |\n|---|---|"
            + Self.words.map { _ in "---|" }.joined()
            + "---|---|---|---|\n"
        for row in rows {
            let total = row.counts.values.reduce(0, +)
            let resampled = max(1, row.resampled.values.reduce(0, +))
            func cell(_ count: Int, _ resampledCount: Int) -> String {
                "\(count) (\(Figure.percent(Double(resampledCount) / Double(resampled))))"
            }
            let cells = Self.words.map { cell(row.counts[$0] ?? 0, row.resampled[$0] ?? 0) }
            text +=
                "| \(row.truth.description) | \(total) | \(cells.joined(separator: " | ")) | "
                + "\(row.truth.bound) | \(cell(row.counted, row.resampledCounted))"
                + "\(row.isWithinBounds ? "" : ", missed") | \(row.rounds) | "
                + "\(Figure.significant(row.longestSeconds)) s |\n"
        }
        return text
    }
}

extension GateTable.Row {
    /// Counts the words, and those of as many comparisons as are resampled: rounds drawn from all
    /// that the row recorded, with replacement, judged by the same rule.
    init(_ truth: GateTruth, _ records: [ComparisonRecord], seed: UInt64) {
        self.truth = truth
        var counts: [Comparison.Word: Int] = [:]
        for record in records { counts[record.comparison.word, default: 0] += 1 }
        self.counts = counts
        counted = records.count { truth.counted.counts($0.comparison) }
        let pool = records.flatMap { zip($0.baseline, $0.candidate) }
        rounds = pool.count
        longestSeconds = records.compactMap(\.seconds).max() ?? 0
        var resampled: [Comparison.Word: Int] = [:]
        var resampledCounted = 0
        var random = SeededRandom(seed: seed)
        let most = SequentialComparison.lookRounds.last ?? 0
        for _ in 0..<(pool.isEmpty ? 0 : GateTable.resamplings) {
            let drawn = (0..<most).map { _ in pool[Int(random.next() % UInt64(pool.count))] }
            let comparison = Comparison(
                baseline: drawn.map(\.0), candidate: drawn.map(\.1),
                rule: ComparisonRule(margin: truth.margin))
            resampled[comparison.word, default: 0] += 1
            if truth.counted.counts(comparison) { resampledCounted += 1 }
        }
        self.resampled = resampled
        self.resampledCounted = resampledCounted
    }
}
