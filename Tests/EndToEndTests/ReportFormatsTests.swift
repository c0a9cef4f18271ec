import Foundation
import Testing

extension EndToEndTests {
    /// The machine formats of a report, read back by independent libraries.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct ReportFormatsTests {
        /// What a script of Tests/Support prints.
        private func python(_ script: String, _ arguments: [String]) throws -> Data {
            let python = try #require(ProcessInfo.processInfo.environment["LOADGEN_PYTHON"])
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: python)
            process.arguments = ["\(Documents.root)/Tests/Support/\(script)"] + arguments
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return data
        }

        /// What check_report.py read.
        private struct Answer: Decodable {
            struct Report: Decodable {
                struct Verdict: Decodable {
                    struct Objective: Decodable, Equatable {
                        let objective: String
                        let verdict: String
                        let sentence: String
                    }
                    let objectives: [Objective]
                }
                struct Comparison: Decodable {
                    struct Metric: Decodable {
                        let metric: String
                        let decides: Bool
                        let word: String
                        let sentence: String
                    }
                    let word: String
                    let metrics: [Metric]
                }
                let verdict: Verdict?
                let comparison: Comparison?
                let candidateName: String?
            }
            struct JUnit: Decodable {
                struct Case: Decodable {
                    let name: String
                    let result: String
                    let verdict: String?
                    let sentence: String
                }
                let cases: [Case]
                let properties: [String: String]
            }
            let report: Report
            let junit: JUnit?
        }

        /// Holds a format against its schema in docs/schema, and reads it and the JUnit beside it.
        private func read(_ json: String, _ schema: String, junit: String? = nil) throws -> Answer {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try json.write(toFile: "\(folder)/r.json", atomically: true, encoding: .utf8)
            let data = try python(
                "check_report.py",
                ["\(Documents.root)/docs/schema", "\(schema).json", "\(folder)/r.json"]
                    + (junit.map { [$0] } ?? []))
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Answer.self, from: data)
        }

        @Test func `JSON keeps the published schema, and JUnit says what the verdict says`() throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try Program.loadgen(
                "run", "smoke", "--duration", "2s", "--format", "json", "--out", folder)
            let path = try Program.onlyRun(in: folder)
            let answer = try read(run.output, "report", junit: "\(path)/junit.xml")
            let objectives = try #require(answer.report.verdict).objectives
            let cases = try #require(answer.junit).cases.map {
                Answer.Report.Verdict.Objective(
                    objective: $0.name, verdict: $0.verdict ?? "PASS", sentence: $0.sentence)
            }
            #expect(cases == objectives)
            #expect(cases.count > 1)
            let again = try Program.loadgen("report", path, "--format", "json")
            #expect(again.output == run.output)
            for command in ["report", "judge"] {
                let plain = try Program.loadgen(command, path)
                let asked = try Program.loadgen(command, path, "--method")
                #expect(!plain.output.contains("method: "))
                #expect(asked.output.ranges(of: "\n    method: ").count == objectives.count)
            }
        }

        @Test(arguments: [
            ("moonbase --port 0 --inject '<slow & odd>.yaml'", "failure"),
            ("moonbase --port 0", nil),
        ])
        func `a comparison keeps its schema, and JUnit has a case for each metric that decides`(
            candidate: String, expected: String?
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try "faults: [{ latency: { constant: 3ms } }]".write(
                toFile: "\(folder)/<slow & odd>.yaml", atomically: true, encoding: .utf8)
            // One that regresses ends once it is decided, which a busy machine may put off.
            let most = expected == nil ? "9s" : "60s"
            let run = try Program.loadgen(
                [
                    "compare", "ping", "--base", "moonbase --port 0", "--candidate", candidate,
                    "--round", "300ms", "--rate", "1000/s", "--max-duration", most, "--quiet",
                    "--format", "json", "--out", "\(folder)/out",
                ], in: folder)
            let path = try Program.onlyRun(in: "\(folder)/out")
            let answer = try read(run.output, "comparison", junit: "\(path)/junit.xml")
            let comparison = try #require(answer.report.comparison)
            let junit = try #require(answer.junit)
            let deciding = comparison.metrics.filter(\.decides)
            #expect(junit.cases.map(\.name) == deciding.map(\.metric))
            #expect(junit.cases.map(\.sentence) == deciding.map(\.sentence))
            for (one, metric) in zip(junit.cases, deciding) {
                #expect(metric.sentence.hasPrefix("\(metric.word): "))
                #expect(one.verdict ?? metric.word == metric.word)
            }
            #expect(junit.properties["verdict"] == comparison.word)
            #expect(junit.properties["candidate"] == answer.report.candidateName)
            if let expected { #expect(junit.cases.contains { $0.result == expected }) }
            #expect(Set(comparison.metrics.map(\.metric)).isSuperset(of: ["cpu", "growth"]))
            let kept = try String(contentsOfFile: "\(path)/comparison.json", encoding: .utf8)
            #expect(kept == run.output)
            _ = try read(
                try Program.loadgen(
                    "compare", "\(path)/base", "\(path)/candidate", "--format", "json"
                ).output, "comparison")
        }

        @Test func `repeated runs keep their schema, and each has its own folder and seed`() throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try Program.loadgen(
                "run", "ping", "--repeat", "3", "--duration", "1s", "--rate", "200/s", "--seed",
                "7", "--no-calibrate", "--format", "json", "--out", "\(folder)/out")
            #expect([0, 2, 3].contains(run.code), "\(run)")
            #expect(run.output.contains("\"verdict\""))
            let path = try Program.onlyRun(in: "\(folder)/out")
            let kept = try String(contentsOfFile: "\(path)/repeat.json", encoding: .utf8)
            #expect(kept == run.output)
            let runs = try FileManager.default.contentsOfDirectory(atPath: "\(path)/runs")
            #expect(runs.count == 3)
            for name in runs {
                #expect(
                    FileManager.default.fileExists(atPath: "\(path)/runs/\(name)/report.html"))
            }
            for seed in 7...9 { #expect(kept.contains("\"seed\" : \(seed)")) }
        }

        @Test(arguments: [
            (["--repeat", "0"], "--repeat is how many runs"),
            (["--repeat", "many"], "--repeat is how many runs"),
            (["--repeat", "3", "--metrics", "127.0.0.1:0"], "does not go with --repeat"),
            (["--repeat", "3", "--format", "html"], "--format with --repeat is one of"),
            (["--repeat", "3", "--method"], "does not go with --repeat"),
        ])
        func `a wrong --repeat is said before any run`(flags: [String], words: String) throws {
            let run = try Program.loadgen(["run", "ping"] + flags)
            #expect(run.code == 64 && run.errors.contains(words), "\(run)")
        }

        @Test func `a capacity and a plan by it keep their schemas`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // The node serves one answer at a time in 2 ms: 400/s hold, 800/s are too many.
            try "faults: [{ service: { constant: 2ms } }]".write(
                toFile: "\(folder)/slow.yaml", atomically: true, encoding: .utf8)
            let run = try Program.loadgen(
                [
                    "capacity", "ping", "--from", "200/s", "--to", "800/s", "--format", "json",
                    "--target", "moonbase --port 0 --inject slow.yaml", "--quiet",
                    "--max-duration", "25s", "--confirm", "6s", "--out", "\(folder)/out",
                ], in: folder)
            _ = try read(run.output, "capacity")
            let path = try Program.onlyRun(in: "\(folder)/out")
            let plan = try Program.loadgen(
                "plan-capacity", path, "--target-rate", "2000/s", "--growth", "8%/month",
                "--format", "json")
            if run.code == 0 { _ = try read(plan.output, "capacity-plan") }
            #expect(plan.code == run.code, "\(plan.errors)")
        }

        @Test func `a run in progress is scraped`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (process, output, errors) = try Program.start(
                "loadgen",
                ["run", "ping", "--duration", "5m", "--quiet", "--metrics", "0", "--out", folder])
            defer {
                process.terminate()
                process.waitUntilExit()
            }
            let address = try #require(errors.line().firstMatch(of: /http:\S+/)?.output)
            let data = try python("check_metrics.py", [String(address)])
            process.terminate()
            _ = output.fileHandleForReading.readDataToEndOfFile()
            let samples = try JSONDecoder().decode([String: Double].self, from: data)
            #expect((samples["loadgen_arrivals_planned_total{}"] ?? 0) > 0)
            #expect(samples.keys.contains { $0.hasPrefix("loadgen_latency_seconds_bucket") })
        }
    }
}
