import Statistics

/// How often each scenario's runs got a wrong word, seed by seed.
struct CalibrationTable {
    /// A scenario's counts.
    struct Row {
        let scenario: Scenario
        /// PASS and FAIL, for each seed; at the limit itself both are wrong.
        let counts: [(pass: Int, fail: Int)]
        /// More of either are too many.
        let most: Int

        var isWithinBounds: Bool { counts.allSatisfy { $0.pass <= most && $0.fail <= most } }
    }

    let runs: Int
    let seeds: [UInt64]
    let rows: [Row]

    /// Simulates every scenario `runs` times with each seed.
    init(runs: Int, seeds: [UInt64], scenarios: [Scenario] = Scenario.all) {
        self.runs = runs
        self.seeds = seeds
        rows = scenarios.map { scenario in
            Row(
                scenario: scenario,
                counts: seeds.map { Self.counts(scenario, runs: runs, seed: $0) },
                most: Self.most(scenario.mostWrong, runs: runs))
        }
    }

    private static func counts(
        _ scenario: Scenario, runs: Int, seed: UInt64
    ) -> (pass: Int, fail: Int) {
        var random = SeededRandom(seed: seed)
        var counts = (pass: 0, fail: 0)
        for _ in 0..<runs {
            switch scenario.judge(&random) {
            case .pass: counts.pass += 1
            case .fail: counts.fail += 1
            case .inconclusive, .invalid: break
            }
        }
        return counts
    }

    /// The same share of fewer runs, and what chance adds in all but one of a thousand tries.
    static func most(_ ofTwoThousand: Int, runs: Int) -> Int {
        guard runs < 2_000 else { return ofTwoThousand * runs / 2_000 }
        let share = Double(ofTwoThousand) / 2_000
        return (0...runs).first { Binomial.atMost($0, trials: runs, probability: share) > 0.999 }
            ?? runs
    }

    var isWithinBounds: Bool { rows.allSatisfy(\.isWithinBounds) }

    /// The table as Markdown.
    var markdown: String {
        let heads = seeds.map { "seed \($0)" }
        var text = "| at the limit itself | most | " + heads.joined(separator: " | ") + " |\n"
        text += "| --- |" + String(repeating: " --- |", count: seeds.count + 1) + "\n"
        for row in rows {
            let cells = row.counts.map { "\($0.pass) PASS, \($0.fail) FAIL" }
            text += "| \(row.scenario.name) | \(row.most) | "
            text += cells.joined(separator: " | ") + " |\n"
        }
        return text
    }
}
