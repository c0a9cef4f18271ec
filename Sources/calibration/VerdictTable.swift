import Dispatch
import Statistics
import Synchronization
import Verdicts

/// How often each case was called what.
struct VerdictTable {
    /// A cell's count.
    struct Cell {
        let name: String
        let bound: VerdictCase.Bound
        var count = 0
        var total = 0

        var share: Double { total > 0 ? Double(count) / Double(total) : 0 }

        /// Whether the count is one that the bound allows, but for what chance adds in one of a
        /// thousand tables.
        var holds: Bool {
            let runs = Proportion(count, of: total)
            func above(_ share: Double) -> Bool {
                share <= 0
                    ? count > 0
                    : share < 1 && Binomial.atLeast(count, trials: total, probability: share) < 1e-3
            }
            func below(_ share: Double) -> Bool {
                share >= 1
                    ? count < total
                    : Binomial.atMost(count, trials: total, probability: share) < 1e-3
            }
            guard runs.total > 0 else { return true }
            switch bound {
            case .atMost(let most): return !above(most)
            case .atLeast(let least): return !below(least)
            case .between(let least, let most): return !below(least) && !above(most)
            case .printed: return true
            }
        }

        var allowed: String {
            switch bound {
            case .atMost(let most) where most == 0: "never"
            case .atLeast(let least) where least == 1: "always"
            case .atMost(let most): "at most \(Figure.given(most))"
            case .atLeast(let least): "at least \(Figure.percent(least))"
            case .between(let least, let most): "\(Figure.given(least)) to \(Figure.given(most))"
            case .printed: ""
            }
        }
    }

    let runs: Int
    let seed: UInt64
    private(set) var rows: [(name: String, cells: [Cell])] = []

    /// Simulates every case `runs` times, two at once; calls `progress` with each row in order.
    init(
        runs: Int, seed: UInt64, cases: [VerdictCase], progress: (String) -> Void = { _ in }
    ) {
        self.runs = runs
        self.seed = seed
        for first in stride(from: 0, to: cases.count, by: 2) {
            let pair = Array(cases[first..<min(first + 2, cases.count)])
            let done = Mutex([[Cell]](repeating: [], count: pair.count))
            DispatchQueue.concurrentPerform(iterations: pair.count) { index in
                let random = SeededRandom(
                    seed: seed &+ UInt64(first + index) &* 0x9E37_79B9_7F4A_7C15)
                let cells = Self.simulate(pair[index], runs: runs, random)
                done.withLock { $0[index] = cells }
            }
            for (one, cells) in zip(pair, done.withLock { $0 }) {
                rows.append((one.name, cells))
                progress(Self.line(one.name, cells))
            }
        }
    }

    private static func simulate(
        _ one: VerdictCase, runs: Int, _ random: SeededRandom
    ) -> [Cell] {
        var random = random
        var cells = one.cells.map { Cell(name: $0.name, bound: $0.bound) }
        for _ in 0..<runs {
            let counts = one.judge(&random)
            for cell in cells.indices {
                guard let counts = counts[cells[cell].name] else { continue }
                cells[cell].total += 1
                if counts { cells[cell].count += 1 }
            }
        }
        return cells
    }

    var isWithinBounds: Bool {
        !rows.isEmpty && rows.allSatisfy { $0.cells.allSatisfy(\.holds) }
    }

    /// The first lines of the table.
    static let head = "| case | measured |\n| --- | --- |\n"

    /// A row's line.
    private static func line(_ name: String, _ cells: [Cell]) -> String {
        let texts = cells.filter { $0.total > 0 }.map { cell in
            let allowed = cell.allowed.isEmpty ? "" : " (\(cell.allowed))"
            return "\(cell.name) \(Figure.percent(cell.share))\(allowed)"
                + (cell.holds ? "" : " **missed**")
        }
        return "| \(name) | \(texts.joined(separator: "; ")) |\n"
    }

    /// The table as Markdown.
    var markdown: String { Self.head + rows.map { Self.line($0.name, $0.cells) }.joined() }
}
