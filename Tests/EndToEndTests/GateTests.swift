import Foundation
import Testing

extension EndToEndTests {
    /// The commands of the pages that compare two targets side by side, with short rounds.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct GateTests {
        @Test(arguments: ["README.md", "docs/ci.md"])
        func `the page's three commands make a gate that fails on a planted regression`(
            page: String
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // The commands as they stand, in a folder where nothing else is.
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/Scripts", withDestinationPath: "\(Documents.root)/Scripts")
            let block = try #require(
                Documents.blocks.first { $0.page == page && $0.text.contains("--inject") })
            let lines = block.text.split(separator: "\n").map(String.init)
            try #require(lines.count == 3)
            // What a busy machine leaves open is no regression, and no failure of the gate.
            for (line, codes) in zip(lines, [[0, 3], [0], [2]] as [[Int32]]) {
                var short = line.hasPrefix("Scripts/") ? " --round 300ms --rate 1000/s" : ""
                if line.hasPrefix("Scripts/loadgen") { short += " --out out" }
                var code = try Program.shell(line + short, in: folder).code
                // Of equal nodes 5 % of comparisons are wrong by design, and 0.25 % twice in a row;
                // the job's gate compares twice by itself.
                if !codes.contains(code), line.contains("compare") {
                    code = try Program.shell(line + short, in: folder).code
                }
                #expect(codes.contains(code), "\(line)")
            }
        }

        @Test func `the job's gate keeps its reports, and fails on a regression found twice`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for time in ["1ms", "4ms"] {
                try "faults: [{ latency: { constant: \(time) } }]".write(
                    toFile: "\(folder)/\(time).yaml", atomically: true, encoding: .utf8)
            }
            let node = "moonbase --port 0"
            let slower = "\(node) --inject \(folder)/1ms.yaml"
            // Slower than the slower one until the first comparison is done.
            try """
            bin=\(Program.folder ?? "\(Documents.root)/.build/release")
            [ -d \(folder)/gate-report/first ] || set -- --inject \(folder)/4ms.yaml
            exec $bin/\(node) "$@"
            """.write(toFile: "\(folder)/once.sh", atomically: true, encoding: .utf8)
            for (base, candidate, code, isTwice) in [
                (node, node, 0, nil), (node, slower, 2, true),
                (slower, "sh \(folder)/once.sh", 0, true),
            ] as [(String, String, Int32, Bool?)] {
                let page = "\(folder)/\(UUID()).md"
                let process = Process()
                process.executableURL = URL(filePath: "\(Documents.root)/Scripts/ci/gate")
                process.currentDirectoryURL = URL(filePath: folder)
                process.environment = ProcessInfo.processInfo.environment.merging(
                    ["GITHUB_STEP_SUMMARY": page]) { $1 }
                process.arguments = [
                    "ping", base, candidate, "--round", "300ms", "--rate", "1000/s",
                    "--max-duration", "30s", "--quiet",
                ]
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == code, "\(candidate)")
                let files = ["summary.md", "junit.xml", "report.html", "comparison.json"]
                var kept = try FileManager.default.subpathsOfDirectory(
                    atPath: "\(folder)/gate-report")
                let hasFirst = kept.contains("first")
                if let isTwice { #expect(hasFirst == isTwice, "\(candidate)") }
                kept.removeAll { $0 == "first" }
                #expect(
                    Set(kept) == Set(files + (hasFirst ? files.map { "first/\($0)" } : [])))
                let step = try String(contentsOfFile: page, encoding: .utf8)
                #expect(step.contains("REGRESSED: ping") == (code == 2))
            }
        }

        @Test func `a gate that could not be made leaves no earlier report, and says so`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(
                atPath: "\(folder)/gate-report", withIntermediateDirectories: true)
            try "old".write(
                toFile: "\(folder)/gate-report/junit.xml", atomically: true, encoding: .utf8)
            for (value, code, words) in [
                ("pass", 1, "gate: not done"), ("maybe", 64, "is pass or fail, not \"maybe\""),
            ] as [(String, Int32, String)] {
                let process = Process()
                process.executableURL = URL(filePath: "\(Documents.root)/Scripts/ci/gate")
                process.currentDirectoryURL = URL(filePath: folder)
                process.environment = ProcessInfo.processInfo.environment.merging(
                    ["GATE_INCONCLUSIVE": value]) { $1 }
                process.arguments = ["ping", "false", "false"]
                let errors = Pipe()
                process.standardError = errors
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                let said = String(
                    decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                #expect(process.terminationStatus == code && said.contains(words), "\(said)")
            }
            let kept = try FileManager.default.contentsOfDirectory(
                atPath: "\(folder)/gate-report")
            #expect(kept.isEmpty)
        }

        @Test func `a target that does not start, or does not answer, is said at once`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for (base, words) in [
                ("false", "has ended by itself"), ("/no/such/program", "did not start"),
                ("http://127.0.0.1:1", "cannot be reached"), ("moonbase 'x", "without an end"),
            ] {
                let result = try Program.loadgen(
                    "compare", "ping", "--base", base, "--candidate", base, "--out",
                    "\(folder)/out")
                #expect(
                    [1, 64].contains(result.code) && result.errors.contains(words), "\(result)")
            }
        }
    }
}
