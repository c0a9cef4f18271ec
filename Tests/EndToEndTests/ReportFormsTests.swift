import Foundation
import Testing

extension EndToEndTests {
    /// The machine forms of a report, read back by independent libraries.
    @Suite(.serialized, .timeLimit(.minutes(2))) struct ReportFormsTests {
        /// What a script of Tests/Support prints.
        private func python(_ script: String, _ arguments: String...) throws -> Data {
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

        @Test func `JSON keeps the published schema, and JUnit says what the verdict says`() throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try Program.loadgen(
                "run", "smoke", "--duration", "2s", "--format", "json", "--out", folder)
            let path = try Program.onlyRun(in: folder)
            try run.output.write(toFile: "\(folder)/r.json", atomically: true, encoding: .utf8)
            let data = try python(
                "check_report.py", "\(Documents.root)/docs/schema", "\(folder)/r.json",
                "\(path)/junit.xml")
            struct Answer: Decodable {
                struct Case: Decodable, Equatable {
                    let objective: String
                    let verdict: String
                    let sentence: String
                }
                struct Report: Decodable {
                    struct Verdict: Decodable {
                        let objectives: [Case]
                    }
                    let verdict: Verdict
                }
                let report: Report
                let junit: [Case]
            }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            #expect(answer.junit == answer.report.verdict.objectives)
            #expect(answer.junit.count > 1)
            let again = try Program.loadgen("report", path, "--format", "json")
            #expect(again.output == run.output)
        }

        @Test func `a run in progress is scraped`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (process, output, errors) = try Program.start(
                "loadgen",
                ["run", "ping", "--duration", "8s", "--quiet", "--metrics", "0", "--out", folder])
            let line = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            let address = try #require(line.firstMatch(of: /http:\S+/)?.output)
            let data = try python("check_metrics.py", String(address))
            process.terminate()
            _ = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            let samples = try JSONDecoder().decode([String: Double].self, from: data)
            #expect((samples["loadgen_arrivals_planned_total{}"] ?? 0) > 0)
            #expect(samples.keys.contains { $0.hasPrefix("loadgen_latency_seconds_bucket") })
        }
    }
}
