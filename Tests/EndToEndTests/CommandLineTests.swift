import Evidence
import Foundation
import Histograms
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct CommandLineTests {
        @Test func `a short run passes and its folder is complete`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let profile = "\(folder)/short.yaml"
            // Of errors alone: latencies are the machine's, too.
            try """
            load: [{ warm up: { rate: 200/s, for: 1s } }, { steady: { rate: 1000/s, for: 5s } }]
            scenarios: [{ health: { steps: [ping] } }]
            objectives: [error rate < 0.1%]
            """.write(toFile: profile, atomically: true, encoding: .utf8)
            let runs = "\(folder)/runs"
            let result = try Program.loadgen("run", profile, "--out", runs)
            #expect(result.code == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("\nPASS\n"))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: try Program.onlyRun(in: runs))
            #expect(
                Set(files) == [
                    "run.json", "latency.hlog", "series.ndjson", "events.ndjson", "failures.ndjson",
                    "verdict.json", "report.html", "junit.xml", "target.log", "summary.md",
                    "due.ndjson", "silences.ndjson", "seals.ndjson", "contract.yaml",
                ])
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: runs))
            #expect(evidence.isComplete && evidence.losses.isEmpty)
            #expect(evidence.outcomes { phase, _ in phase == "steady" } == [.ok: 5000])
            #expect(evidence.rows.allSatisfy { $0.target?.allocatedBytes ?? 0 > 0 })
        }

        @Test func `an independent library reads the same quantiles from the interval log`() throws
        {
            let python = try #require(ProcessInfo.processInfo.environment["LOADGEN_PYTHON"])
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            _ = try Program.loadgen("run", "ping", "--duration", "3s", "--quiet", "--out", folder)
            let run = try Program.onlyRun(in: folder)
            let script = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Support/read_hlog.py").path
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: python)
            process.arguments = [script, "\(run)/latency.hlog", "latency", "steady"]
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            struct Answer: Decodable {
                let count: UInt64
                let values: [String: UInt64]
            }
            let answer = try JSONDecoder().decode(Answer.self, from: data)
            let histogram = try RunEvidence(reading: run).histogram(.latency) { phase, _ in
                phase == "steady"
            }
            #expect(answer.count == histogram.totalCount)
            for (quantile, value) in answer.values {
                let own = histogram.value(atQuantilePartsPerMillion: try #require(Int(quantile)))
                #expect(own == value, "at \(quantile) ppm")
            }
        }

        @Test(arguments: [
            (["rn"], "did you mean run?"), (["rn"], "loadgen --help lists the commands"),
            (["run", "smok"], "did you mean smoke?"),
            (["run", "ping", "--rat", "1/s"], "did you mean --rate?"), (["run"], "wants a PROFILE"),
            (["run", "ping", "--xyz"], "loadgen run --help says more"),
            (["run", "ping", "--target", "http://192.0.2.1:80"], "--allow-host 192.0.2.1"),
            (
                ["run", "ping", "--target", "http://127.0.0.1", "--set", "network.tls.least=1.2"],
                "does not use TLS"
            ),
            (
                [
                    "run", "ping", "--target", "https://127.0.0.1", "--set",
                    "network.tls.authorities=none.pem",
                ], "\"none.pem\" cannot be read"
            ),
            (["validate", "ping", "--set", "limits.timeut=2s"], "did you mean timeout?"),
            (
                ["validate", "ping", "--set", "target=http://127.0.0.1:99999"],
                "has a port outside 1 to 65535"
            ),
        ])
        func `what cannot be followed is said with a hint and exit 64`(
            words: [String], hint: String
        ) throws {
            let (process, output, errors) = try Program.start("loadgen", words)
            _ = output.fileHandleForReading.readDataToEndOfFile()
            let text = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 64)
            #expect(text.contains(hint), "\(text)")
        }

        @Test func `a target that refuses is one line and exit 4, with its evidence`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let result = try Program.loadgen(
                "run", "ping", "--target", "http://127.0.0.1:1", "--out", folder)
            #expect(result.code == 4)
            #expect(result.errors.contains("the target http://127.0.0.1:1 cannot be reached"))
            #expect(result.errors.split(separator: "\n").count == 1)
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: folder))
            #expect(evidence.events.contains { $0.kind == .target })
        }

        @Test(arguments: [
            ("\"rate\": \"1000/s\"", "\"rate\": \"fast\"", "\"fast\" is not a rate"),
            ("\"ping\"\n", "\"pong\"\n", "\"pong\" is not an operation of the contract"),
            ("loadgen/run/3", "loadgen/run/0", "not a description of form loadgen/run/1"),
            ("\"target\"", "\"target", "run.json:"),
        ])
        func `evidence damaged by hand is an error of the evidence`(
            old: String, new: String, reason: String
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            _ = try Program.loadgen(
                "run", "ping", "--target", "http://127.0.0.1:1", "--out", folder)
            let run = try Program.onlyRun(in: folder)
            let text = try String(contentsOfFile: "\(run)/run.json", encoding: .utf8)
            #expect(text.contains(old))
            try text.replacing(old, with: new).write(
                toFile: "\(run)/run.json", atomically: true, encoding: .utf8)
            // verdict.json and summary.md are written, and never read.
            try "damaged".write(toFile: "\(run)/verdict.json", atomically: true, encoding: .utf8)
            for command in ["report", "judge"] {
                let result = try Program.loadgen(command, run)
                #expect(result.code == 1 && result.output.isEmpty)
                #expect(result.errors.contains("\(run)/run.json"), "\(result.errors)")
                #expect(result.errors.contains(reason), "\(result.errors)")
                #expect(result.errors.contains("the evidence was changed"), "\(result.errors)")
            }
        }

        @Test func `a folder is reported and judged again, with other objectives`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            _ = try Program.loadgen(
                "run", "ping", "--duration", "2s", "--quiet", "--out", folder)
            let run = try Program.onlyRun(in: folder)
            let summary = try String(contentsOfFile: "\(run)/summary.md", encoding: .utf8)
            #expect(try Program.loadgen("report", run, "--format", "markdown").output == summary)
            #expect(try Program.loadgen("report", run).output.hasSuffix("\n\(run)\n"))
            let judged = try Program.loadgen("judge", run, "--objective", "error rate < 50%")
            #expect(judged.code == 0 && judged.output.hasPrefix("PASS\n"), "\(judged.output)")
            #expect(judged.output.contains("\n  error rate < 50%\n"), "\(judged.output)")
            #expect(
                judged.output.contains("judged by objectives that are not the run's own"),
                "\(judged.output)")
            let strict = try Program.loadgen("judge", run, "--objective", "p(50) < 1us")
            #expect([2, 4].contains(strict.code), "\(strict.output)")
            for words in [["report", run, "--format", "pdf"], ["judge", run, "--objective", "x"]] {
                #expect(try Program.loadgen(words).code == 64)
            }
        }

        @Test func `3,000 clean requests do not prove five nines, and what would is named`() throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let profile = "\(folder)/short.yaml"
            try """
            load:
              - steady: { rate: 1000/s, for: 3s }
            scenarios:
              - health: { steps: [ping] }
            objectives:
              - error rate < 0.001%
            """.write(toFile: profile, atomically: true, encoding: .utf8)
            let result = try Program.loadgen(
                "run", profile, "--quiet", "--out", "\(folder)/runs")
            #expect(result.code == 3, "\(result.output)\(result.errors)")
            // 299,572 prove it without an error.
            #expect(
                result.output.contains(
                    "INCONCLUSIVE: none of 3,000 requests failed, the limit is 0.001 %. "
                        + "In another run up "
                        + "to 0.0998 % would fail (95 %). "), "\(result.output)")
            // For how long depends on the rate that the machine let through.
            #expect(
                result.output.contains("Even if none fails, 299,572 requests ("),
                "\(result.output)")
            #expect(result.output.contains(" min at this rate) are needed."), "\(result.output)")
        }

        @Test func `each thousandth of 12,000 requests fails, and is counted, covered and kept`()
            throws
        {
            let script = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Scripts/rare-errors").path
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            let binaries = URL(filePath: Program.folder ?? ".build/release").path
            process.arguments = [script, "12000", "1000", "--binaries", binaries]
            let (output, errors) = (Pipe(), Pipe())
            process.standardOutput = output
            process.standardError = errors
            try process.run()
            let text = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let words = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(text)\(words)")
        }

        @Test func `help is there for every command, and the version`() throws {
            let overview = try Program.loadgen("--help")
            #expect(overview.code == 0 && overview.output.contains("exit codes: 0 PASS"))
            #expect(try Program.loadgen("help").output == overview.output)
            let none = try Program.loadgen()
            #expect(none.code == 64 && none.output == overview.output)
            for command in ["run", "list", "validate", "plan", "judge", "report"] {
                for flag in ["--help", "-h"] {
                    let help = try Program.loadgen(command, flag)
                    #expect(help.code == 0 && help.output.contains("usage: loadgen \(command)"))
                }
            }
            #expect(try Program.loadgen("--version").output.hasPrefix("loadgen "))
            let node = try Program.start("moonbase", ["--help"])
            let text = node.1.fileHandleForReading.readDataToEndOfFile()
            node.0.waitUntilExit()
            #expect(String(decoding: text, as: UTF8.self).contains("usage: moonbase"))
        }

        @Test func `results that cannot be written are said before any load`() throws {
            let result = try Program.loadgen("run", "ping", "--out", "/proc/none")
            #expect(result.code == 1)
            #expect(result.errors.contains("--out DIR"))
        }

        @Test(arguments: ["list", "--help"])
        func `what standard output does not take is a failure`(command: String) throws {
            let result = try Program.shell("\(Program.path("loadgen")) \(command) > /dev/full")
            #expect(result.code == 1 && result.errors.contains("No space left on device"))
        }

        /// The first files that it opens must not be taken for them.
        @Test func `a run without standard input and output is a run`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let loadgen = Program.path("loadgen")
            let result = try Program.shell(
                "\(loadgen) run ping --duration 1s --out \(folder) <&- >&-")
            #expect([0, 3].contains(result.code), "\(result.errors)")
        }
        @Test(.enabled(if: Program.isOptimised))
        func `the generator takes nothing from the allocator for a request, once warm`()
            throws
        {
            // On a busy machine latencies may rise in every window, and the histograms grow.
            var output = ""
            for _ in 0..<3 where !output.contains("\nallocations  0 B a request\n") {
                let result = try Program.loadgen("calibrate")
                #expect(result.code == 0, "\(result.errors)")
                output = result.output
            }
            #expect(output.contains("\nallocations  0 B a request\n"), "\(output)")
        }

        /// A floor that a busy minute left is replaced by hand in this way.
        @Test func `calibrate replaces the floor that is kept, or says that it cannot`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            func calibrate(in cache: String) throws -> Program.Result {
                let line = "XDG_CACHE_HOME=\(cache) \(Program.path("loadgen")) calibrate"
                let result = try Program.shell(line)
                #expect(result.code == 0, "\(result.errors)")
                return result
            }
            func kept() throws -> String {
                let result = try calibrate(in: folder)
                #expect(!result.output.contains("could not be kept"))
                return try String(
                    contentsOfFile: "\(folder)/loadgen/calibration.json", encoding: .utf8)
            }
            #expect(try kept() != kept())
            #expect(try calibrate(in: "/dev/null").output.contains("could not be kept"))
        }

        @Test func `the schedule that is printed is the same every time`() throws {
            let first = try Program.loadgen("plan", "smoke", "--schedule", "--seed", "7")
            #expect(first.code == 0 && first.output.split(separator: "\n").count > 7000)
            #expect(
                try Program.loadgen("plan", "smoke", "--schedule", "--seed", "7").output
                    == first.output
            )
        }
    }
}
