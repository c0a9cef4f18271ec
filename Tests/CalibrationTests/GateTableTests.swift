import Foundation
import Reports
import Testing
import Verdicts

@testable import calibration

@Suite struct GateTableTests {
    @Test func `words are counted, and rounds are resampled by the same rule`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(!GateTable(reading: folder, seed: 1).isWithinBounds)
        let base = (1...20).map { round in
            RunFigures(run: "r\(round)", requests: 500, values: ["p50": 5e6, "error-rate": 0])
        }
        for (name, factor) in [("equal", 1.0), ("slower", 1.1)] {
            let candidate = base.map { run in
                var run = run
                run.values["p50"] = 5e6 * factor
                return run
            }
            for number in 1...9 {
                var record = ComparisonRecord(
                    comparison: Comparison(
                        baseline: base, candidate: candidate, rule: ComparisonRule()),
                    baselineName: "a", candidateName: "b", profile: "p",
                    baseline: base, candidate: candidate)
                record.seconds = 1
                let place = "\(folder)/\(name)/\(number)"
                try FileManager.default.createDirectory(
                    atPath: place, withIntermediateDirectories: true)
                try record.writeReports(to: place)
            }
        }
        let table = GateTable(reading: folder, seed: 1)
        #expect(table.isWithinBounds)
        #expect(table.rows.map { $0.counts } == [[.same: 9], [.regressed: 9]])
        #expect(table.rows.map { $0.resampled } == [[.same: 2_000], [.regressed: 2_000]])
    }
}
