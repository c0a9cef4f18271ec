import Statistics
import Testing

@testable import calibration

@Suite struct CalibrationTableTests {
    @Test func `in miniature no scenario is wrong more often than it may be`() {
        let table = CalibrationTable(runs: 60, seeds: [20_240_505])
        #expect(table.isWithinBounds, "\(table.markdown)")
        #expect(table.rows.count == Scenario.all.count)
        // A simulation that never gave a word would be within any bounds.
        #expect(table.rows.contains { $0.counts.contains { $0.pass > 0 } }, "\(table.markdown)")
        #expect(table.rows.contains { $0.counts.contains { $0.fail > 0 } }, "\(table.markdown)")
    }

    @Test func `a scenario that is always wrong is found`() {
        for verdict in [Verdict.pass, .fail] {
            let wrong = Scenario(name: "wrong", mostWrong: 130) { _ in verdict }
            #expect(!CalibrationTable(runs: 60, seeds: [1], scenarios: [wrong]).isWithinBounds)
        }
        // Twice as often as it may be, in the number of runs that the script makes.
        let often = Scenario(name: "often", mostWrong: 130) { random in
            random.nextUnit() < 0.1 ? .pass : .inconclusive
        }
        #expect(!CalibrationTable(runs: 2_000, seeds: [1], scenarios: [often]).isWithinBounds)
        let seldom = Scenario(name: "seldom", mostWrong: 130) { random in
            random.nextUnit() < 0.05 ? .fail : .inconclusive
        }
        #expect(CalibrationTable(runs: 2_000, seeds: [1], scenarios: [seldom]).isWithinBounds)
    }

    @Test func `the table has a line for each scenario and a column for each seed`() {
        let right = Scenario(name: "right", mostWrong: 130) { _ in .inconclusive }
        let table = CalibrationTable(runs: 2_000, seeds: [7, 8], scenarios: [right])
        #expect(
            table.markdown == """
                | at the limit itself | most | seed 7 | seed 8 |
                | --- | --- | --- | --- |
                | right | 130 | 0 PASS, 0 FAIL | 0 PASS, 0 FAIL |

                """)
        #expect(CalibrationTable.most(130, runs: 4_000) == 260)
        #expect(CalibrationTable.most(130, runs: 60) > 130 * 60 / 2_000)
    }
}
