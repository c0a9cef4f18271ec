import Foundation
import Testing

extension EndToEndTests {
    /// The commands of the pages that compare two targets side by side, with short rounds.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct GateTests {
        @Test func `the gate of the pages passes equal nodes and fails a planted regression`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for (name, text) in Documents.files {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let commands = Set(
                Documents.commands.map(\.words).filter {
                    $0.contains("compare") && $0.contains("--base")
                }.map { $0.dropFirst() })
            #expect(commands.count >= 2)
            for words in commands {
                let isPlanted = words.contains { $0.contains("--inject") }
                let result = try Program.loadgen(
                    words + [
                        "--round", "300ms", "--rate", "1000/s", "--max-duration", "15s", "--out",
                        "\(folder)/out",
                    ], in: folder)
                // What a busy machine leaves open is no regression, and no failure of the gate.
                let codes: [Int32] = isPlanted ? [2] : [0, 3]
                #expect(codes.contains(result.code), "\(words): \(result.output)\(result.errors)")
                let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
                for name in names {
                    let files = try FileManager.default.contentsOfDirectory(
                        atPath: "\(folder)/out/\(name)")
                    #expect(
                        Set(files).isSuperset(of: [
                            "comparison.json", "summary.md", "junit.xml", "base", "candidate",
                        ]))
                }
            }
        }

        @Test func `the job's gate keeps its report, and fails on a planted regression alone`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try "faults: [{ latency: { constant: 1ms } }]".write(
                toFile: "\(folder)/slower.yaml", atomically: true, encoding: .utf8)
            let node = "moonbase --port 0"
            for (candidate, code) in [
                (node, 0), ("\(node) --inject \(folder)/slower.yaml", 2),
            ] as [(String, Int32)] {
                let process = Process()
                process.executableURL = URL(filePath: "\(Documents.root)/Scripts/ci/gate")
                process.currentDirectoryURL = URL(filePath: folder)
                process.environment = ProcessInfo.processInfo.environment.merging(
                    ["GITHUB_STEP_SUMMARY": "\(folder)/step.md"]) { $1 }
                process.arguments = [
                    "ping", node, candidate, "--round", "300ms", "--rate", "1000/s",
                    "--max-duration", "8s", "--quiet",
                ]
                process.standardOutput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == code, "\(candidate)")
                let kept = try FileManager.default.contentsOfDirectory(
                    atPath: "\(folder)/gate-report")
                #expect(
                    Set(kept) == ["summary.md", "junit.xml", "report.html", "comparison.json"])
                let step = try String(contentsOfFile: "\(folder)/step.md", encoding: .utf8)
                #expect(step.contains("REGRESSED: ping") == (code == 2))
            }
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
