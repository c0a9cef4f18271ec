import FoundationEssentials
import Statistics
import Verdicts

/// How often the gate gave each word for pairs of nodes whose truth is known, and how often it
/// would over all orders of the rounds that were recorded.
struct GateTable {
    /// What is known of a row, and how often a word may come, or must.
    struct Truth {
        /// The folder of its comparisons, and its name.
        let name: String
        let description: String
        let margin: Double
        let word: Comparison.Word
        let allowed: ClosedRange<Int>

        /// How many comparisons a row has.
        static let comparisons = 12

        /// The rows of the table.
        static let all = [
            Truth(
                name: "equal", description: "equal nodes", margin: 0.05, word: .regressed,
                allowed: 0...2),
            Truth(
                name: "noisy", description: "equal nodes, a busy loop on and off", margin: 0.05,
                word: .regressed, allowed: 0...2),
            Truth(
                name: "slower", description: "candidate 10 % slower", margin: 0.05,
                word: .regressed, allowed: 9...comparisons),
            Truth(
                name: "slightly", description: "candidate 4 % slower, margin 3 %", margin: 0.03,
                word: .same, allowed: 0...2),
        ]
    }

    /// A row's counts.
    struct Row {
        let truth: Truth
        let counts: [Comparison.Word: Int]
        /// The same of resampled comparisons.
        let resampled: [Comparison.Word: Int]
        let rounds: Int
        let longestSeconds: Double

        var isWithinBounds: Bool {
            // IMPROVED is said of what is not worse by the margin, as SAME is.
            var count = counts[truth.word] ?? 0
            if truth.word == .same { count += counts[.improved] ?? 0 }
            return truth.allowed.contains(count)
        }
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
        rows = Truth.all.compactMap { truth in
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
            + " | allowed | rounds | longest |\n|---|---|" + Self.words.map { _ in "---|" }.joined()
            + "---|---|---|\n"
        for row in rows {
            let total = row.counts.values.reduce(0, +)
            let resampled = max(1, row.resampled.values.reduce(0, +))
            let cells = Self.words.map { word in
                let share = Double(row.resampled[word] ?? 0) / Double(resampled)
                return "\(row.counts[word] ?? 0) (\(Figure.percent(share)))"
            }
            let allowed = row.truth.allowed
            let bound =
                allowed.lowerBound == 0
                ? "\(row.truth.word.rawValue) <= \(allowed.upperBound)"
                : "\(row.truth.word.rawValue) >= \(allowed.lowerBound)"
            text +=
                "| \(row.truth.description) | \(total) | \(cells.joined(separator: " | ")) | "
                + "\(bound)\(row.isWithinBounds ? "" : ", missed") | \(row.rounds) | "
                + "\(Figure.significant(row.longestSeconds)) s |\n"
        }
        return text
    }
}

extension GateTable.Row {
    /// Counts the words, and those of as many comparisons as are resampled: rounds drawn from all
    /// that the row recorded, with replacement, judged by the same rule.
    init(_ truth: GateTable.Truth, _ records: [ComparisonRecord], seed: UInt64) {
        self.truth = truth
        var counts: [Comparison.Word: Int] = [:]
        for record in records { counts[record.comparison.word, default: 0] += 1 }
        self.counts = counts
        let pool = records.flatMap { zip($0.baseline, $0.candidate) }
        rounds = pool.count
        longestSeconds = records.compactMap(\.seconds).max() ?? 0
        var resampled: [Comparison.Word: Int] = [:]
        var random = SeededRandom(seed: seed)
        let most = SequentialComparison.lookRounds.last ?? 0
        for _ in 0..<(pool.isEmpty ? 0 : GateTable.resamplings) {
            let drawn = (0..<most).map { _ in pool[Int(random.next() % UInt64(pool.count))] }
            let comparison = Comparison(
                baseline: drawn.map(\.0), candidate: drawn.map(\.1),
                rule: ComparisonRule(margin: truth.margin))
            resampled[comparison.word, default: 0] += 1
        }
        self.resampled = resampled
    }
}
