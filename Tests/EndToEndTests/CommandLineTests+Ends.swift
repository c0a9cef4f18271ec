import Evidence
import Foundation
import Histograms
import Measurements
import Testing

/// Runs of a line alone, and runs that are interrupted or killed.
extension EndToEndTests.CommandLineTests {
    @Test func `a line with a URL measures it, and judges what it is asked`() throws {
        let folder = try Program.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (node, url) = try Program.startNode()
        defer { Program.stop(node) }
        let ping = "\(url)/api/v0/ping"
        let out = ["--quiet", "--out", "\(folder)/runs"]
        let users = try Program.loadgen(["run", ping, "-c", "2", "-n", "100"] + out)
        #expect(users.code == 0, "\(users.errors)")
        #expect(users.output.hasPrefix("MEASURED\n  no objective was given"))
        let evidence = try RunEvidence(reading: try Program.onlyRun(in: "\(folder)/runs"))
        #expect(evidence.outcomes { _, _ in true } == [.ok: 100])
        let wrong = ["-r", "100/s", "-d", "2s", "-o", "error rate < 1%"]
        let missing = try Program.loadgen(["run", "\(url)/nothing"] + wrong + out)
        #expect(missing.code == 2, "\(missing.output)\(missing.errors)")
        #expect(missing.output.contains("404  200 of 200  GET /nothing"))
    }

    @Test func `Ctrl-C ends the run long before its end and keeps what was measured`() throws {
        let folder = try Program.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (process, output, _) = try Program.start(
            "loadgen",
            ["run", "ping", "--rate", "2000/s", "--duration", "10m", "--out", folder])
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try waitForSeals(in: folder, atLeast: 4)
        kill(process.processIdentifier, SIGINT)
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130, "\(text)")
        #expect(text.contains("interrupted before the end"))
        // Nothing was started that the schedule did not have due until then.
        let rows = try RunEvidence(reading: try Program.onlyRun(in: folder)).rows
        #expect((3...60).contains(rows.count), "\(rows.count) s of 600")
        let started = rows.reduce(0) { $0 + $1.started + $1.dropped }
        #expect(started > 0 && started <= rows.reduce(0) { $0 + $1.planned })
    }

    /// Whatever it is doing then: starting, calibrating, connecting, about to send.
    @Test(arguments: [0, 5, 20, 60, 150, 300])
    func `Ctrl-C before the load ends the run in order`(milliseconds: UInt32) throws {
        let folder = try Program.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (process, _, errors) = try Program.start(
            "loadgen", ["run", "ping", "--duration", "5m", "--quiet", "--out", folder])
        usleep(milliseconds * 1000)
        // The signal may come before there is a handler for it.
        let isHeard = hears(SIGINT, process.processIdentifier)
        kill(process.processIdentifier, SIGINT)
        kill(process.processIdentifier, SIGINT)  // By the terminal, and by whoever watches.
        let words = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let isUnheard = process.terminationReason == .uncaughtSignal
        #expect(isUnheard && !isHeard || process.terminationStatus == 130, "\(words)")
    }

    /// Whether a process has a handler for a signal at this moment.
    private func hears(_ number: Int32, _ process: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let mask = status?.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/)?.output.1 else {
            return false
        }
        return (UInt64(mask, radix: 16) ?? 0) & 1 << UInt64(number - 1) != 0
    }

    @Test func `a killed run is recovered up to its last second`() throws {
        let folder = try Program.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (process, _, _) = try Program.start(
            "loadgen", ["run", "ping", "--duration", "10m", "--out", folder])
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try waitForSeals(in: folder, atLeast: 4)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let run = try Program.onlyRun(in: folder)
        #expect(try !RunEvidence(reading: run).isComplete)
        let result = try Program.loadgen("report", run)
        #expect(result.output.contains("lost: the run did not come to its end"))
        #expect(try RunEvidence(reading: run).rows.count >= 3)
    }

    private func waitForSeals(in folder: String, atLeast count: Int) throws {
        for _ in 0..<2400 {
            let run = try Program.onlyRun(in: folder)
            let text =
                (try? String(contentsOfFile: "\(run)/seals.ndjson", encoding: .utf8)) ?? ""
            if text.split(separator: "\n").count >= count { return }
            usleep(50_000)
        }
        Issue.record("too few seals within 120 s")
    }
}
