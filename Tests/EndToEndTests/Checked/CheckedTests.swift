import Foundation
import JSON
import Testing

extension EndToEndTests {
    /// A node that lies about data, and one that does not.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct CheckedTests {
        private static let crash = "faults: [{ crash: target, at: 3500ms }]"

        /// The report of a run of the ready profile's scenarios against a node.
        private func report(
            _ lie: String, flags: String, more: String, in folder: String
        ) throws -> (code: Int32, report: JSONValue) {
            let root = (1...4).reduce(URL(filePath: #filePath)) { url, _ in
                url.deletingLastPathComponent()
            }
            let ready = try String(
                contentsOf: root.appending(path: "Profiles/checked.yaml"), encoding: .utf8)
            let start = try #require(ready.range(of: "\nscenarios:"))
            try "faults: [\(lie)]\n".write(
                toFile: "\(folder)/plan.yaml", atomically: true, encoding: .utf8)
            let profile = """
                target:
                  command: "moonbase --port {port} --data \(folder)/data \
                --inject \(folder)/plan.yaml \(flags)"
                load: [{ steady: { rate: 130/s, for: 4s } }]
                \(more)
                """
            let file = "\(folder)/checked.yaml"
            try (profile + ready[start.lowerBound...]).write(
                toFile: file, atomically: true, encoding: .utf8)
            let result = try Program.loadgen(["run", file, "--out", "\(folder)/runs", "--quiet"])
            let run = try Program.onlyRun(in: "\(folder)/runs")
            let text = try Program.loadgen(["report", run, "--format", "json"]).output
            let check = try Program.loadgen(["check", run])
            #expect(
                check.code == (result.code == 0 ? 0 : 2), "\(check.output)\(check.errors)")
            return (result.code, try JSONValue(parsing: text.utf8))
        }

        @Test(arguments: [
            ("{ drop write: { nth: 400 } }", "", "", "lost"),
            ("{ add twice: { rate: 10% } }", "", "", "duplicated"),
            ("{ stale cache: { time: 50ms, rate: 20% } }", "", "", "stale"),
            ("{ revive: { rate: 30% } }", "", "", "resurrected"),
            ("{ unsynced writes: {} }", "--vfs unsynced", crash, "lost"),
            (
                "{ errors: { on: commandDatabase, status: 504, rate: 3% } }", "", "",
                "executed_after_refusal"
            ),
        ])
        func `a run finds what the node did to acknowledged data, and names it`(
            lie: String, flags: String, more: String, anomaly: String
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (code, report) = try report(lie, flags: flags, more: more, in: folder)
            let findings = report["check"]?["findings"]?.array ?? []
            #expect(code == 2 && report["check"]?["verdict"]?.string == "FAIL", "\(lie)")
            #expect(findings.compactMap { $0["anomaly"]?.string } == [anomaly], "\(lie)")
            #expect(findings.first?["witness"]?.array?.isEmpty == false)
        }

        @Test(arguments: [("", ""), ("--vfs unsynced", crash)])
        func `a right node raises nothing, not even when it loses power`(
            flags: String, more: String
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (code, report) = try report("", flags: flags, more: more, in: folder)
            #expect(code == 0 && report["check"]?["verdict"]?.string == "PASS")
            #expect(report["check"]?["findings"]?.array?.isEmpty == true)
            #expect((report["check"]?["acknowledged_writes"]?.integer ?? 0) > 100)
        }
    }
}
