import Foundation
import Testing
import Verdicts

@testable import Reports

@Suite struct ComparisonReportTests {
    private var record: ComparisonRecord {
        let rounds = (1...20).map { round in
            RunFigures(
                run: "r\(round)", requests: 500,
                values: ["p50": 5e6 + Double(round), "p95": 6e6, "error-rate": 0, "cpu": 7e-5])
        }
        let slower = rounds.map { run in
            var run = run
            run.values["p50"] = (run.values["p50"] ?? 0) * 1.1
            return run
        }
        var record = ComparisonRecord(
            comparison: Comparison(baseline: rounds, candidate: slower, rule: ComparisonRule()),
            baselineName: "node --a", candidateName: "node --b <&|>", profile: "ping",
            baseline: rounds, candidate: slower)
        record.seconds = 27
        return record
    }

    @Test func `text and Markdown say the word first and the same figures`() {
        let text = ComparisonText.text(record)
        let markdown = ComparisonMarkdown.text(record)
        #expect(text.hasPrefix("REGRESSED\n") && markdown.hasPrefix("# REGRESSED: ping\n"))
        for figure in ["5.00 ms", "5.50 ms", "+10.0 %", "70.0 µs/request", "7 rounds side by side"]
        {
            #expect(text.contains(figure) && markdown.contains(figure), "\(figure)\n\(text)")
        }
    }

    @Test func `the JSON holds every round and is read back whole`() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = Data(ComparisonJSON.text(record).utf8)
        #expect(try decoder.decode(ComparisonRecord.self, from: data) == record)
    }

    @Test func `JUnit has a case for each metric that decides, in well-formed XML`() throws {
        let text = ComparisonJUnit.text(record)
        #expect(text.contains("tests=\"3\" failures=\"1\" errors=\"0\""), "\(text)")
        let names = text.matches(of: /<testcase name="([a-z0-9-]+)"/).map { String($0.output.1) }
        #expect(names == ["p50", "p95", "error-rate"])
        #expect(!text.replacing(/<[^<>]*>/, with: "").contains("<"))
    }

    @Test func `runs that prove nothing are an error in JUnit, however well they look`() {
        var void = record
        void.baseline[0].problems = ["the generator fell behind."]
        void.comparison = Comparison(
            baseline: void.baseline, candidate: void.baseline, rule: ComparisonRule())
        #expect(void.comparison.word == .invalid)
        let text = ComparisonJUnit.text(void)
        #expect(text.contains("failures=\"0\" errors=\"1\""), "\(text)")
        #expect(text.contains("<testcase name=\"comparison\""), "\(text)")
        #expect(text.contains("the generator fell behind."), "\(text)")
    }
}
