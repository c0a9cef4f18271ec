import Evidence
import Foundation
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(2))) struct BlindTests {
        @Test func `time in which loadgen itself was stopped is in the evidence`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (node, url) = try Program.startNode()
            defer { Program.stop(node) }
            let profile = "\(folder)/blind.yaml"
            try """
            load:
              - steady: { rate: 200/s, for: 5s }
            scenarios:
              - health: { steps: [ping] }
            """.write(toFile: profile, atomically: true, encoding: .utf8)
            let results = "\(folder)/runs"
            let (run, output, _) = try Program.start(
                "loadgen", ["run", profile, "--target", url, "--out", results, "--quiet"])
            defer { Program.stop(run) }
            let start = try LoadClock.start(in: results)
            LoadClock.sleep(until: start + 2)
            kill(run.processIdentifier, SIGSTOP)
            let begin = LoadClock.now - start
            LoadClock.sleep(until: start + begin + 1.4)
            let end = LoadClock.now - start
            kill(run.processIdentifier, SIGCONT)
            _ = output.fileHandleForReading.readDataToEndOfFile()
            run.waitUntilExit()
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: results))
            // A machine that has much else to do may hold it up at other times, too.
            let stretch = try #require(
                evidence.blindStretches.first { Double($0.toNanoseconds) / 1e9 >= end },
                "\(evidence.blindStretches), stopped from \(begin) s to \(end) s")
            #expect(Double(stretch.fromNanoseconds) / 1e9 < begin + 0.1)
            #expect(evidence.blindSeconds(from: begin, to: end) > 1.3)
            // It held up the load and not the target, so that nothing is missing.
            #expect(evidence.hasWholeDue && evidence.due.reduce(0) { $0 + $1.total } == 1000)
        }
    }
}
