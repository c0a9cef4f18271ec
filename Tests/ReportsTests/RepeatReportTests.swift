import Profiles
import Testing
import Verdicts

@testable import Reports

@Suite struct RepeatReportTests {
    private var record: RepeatRecord {
        var profile = Profile(
            name: "ping", load: [],
            scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])])
        profile.objectives = ["p(95) < 8ms", "error rate < 1%"].compactMap {
            Objective(parsing: $0)
        }
        let runs = [5.0, 5.1, 4.9].enumerated().map { index, time in
            Repetition(
                seed: UInt64(7 + index), verdict: .pass,
                figures: RunFigures(
                    run: "run-\(index)", requests: 5_000,
                    values: ["p50": time * 5e5, "p95": time * 1e6, "error-rate": 0]),
                within: ["p95": 1e-4],
                objectives: [
                    Repetition.OfObjective(
                        verdict: .pass, isRefuted: false, count: 0, total: 5_000,
                        quantileNanoseconds: time * 1e6),
                    Repetition.OfObjective(
                        verdict: .pass, isRefuted: false, count: 0, total: 5_000),
                ])
        }
        return RepeatJudge(profile: profile, runs: runs, wanted: 3)
            .record(target: "http://127.0.0.1:1", seconds: 9)
    }

    @Test func `text and Markdown have the verdict first and the same cells`() {
        let text = RepeatText.text(record)
        let markdown = RepeatMarkdown.text(record)
        #expect(text.hasPrefix("PASS\n") && markdown.hasPrefix("# PASS: ping, repeated\n"))
        for row in record.metricRows + record.runRows {
            for cell in row { #expect(text.contains(cell) && markdown.contains(cell), "\(cell)") }
        }
        for objective in record.objectives {
            #expect(text.contains(objective.sentence) && markdown.contains(objective.sentence))
        }
        #expect(text.contains("run-2  9"), "\(text)")
    }

    @Test func `the JSON is read back whole`() throws {
        let read: RepeatRecord = try #require(PlainJSON.value(RepeatJSON.text(record)))
        #expect(read == record)
    }
}
