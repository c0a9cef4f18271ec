import Evidence
import Foundation
import Testing

extension EndToEndTests {
    /// A target that sends frames without end, of which every test would wait for ever.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct FloodTests {
        /// The peer of Tests/Support, which floods every connection but the first.
        private struct Peer {
            let port: Int
            private let process = Process()
            private let input = Pipe()
            private let output = Pipe()

            init(_ kind: String) throws {
                process.executableURL = URL(filePath: "/usr/bin/python3")
                process.arguments = ["Tests/Support/flood_peer.py", kind]
                process.standardInput = input
                process.standardOutput = output
                try process.run()
                port = try #require(Int(output.line()))
            }

            func stop() {
                try? input.fileHandleForWriting.close()
                process.waitUntilExit()
            }

            /// Waits until the first flood has begun.
            func waitForFlood() { #expect(output.line() == "flood") }
        }

        private func arguments(_ peer: Peer, _ folder: String, for duration: String) -> [String] {
            [
                "run", "ping", "--target", "http://127.0.0.1:\(peer.port)", "--out", folder,
                "--rate", "20/s", "--duration", duration, "--set", "network.http=2",
                "--set", "limits.timeout=1s", "--no-calibrate", "--quiet",
            ]
        }

        @Test(arguments: ["empty DATA", "RST_STREAM", "GOAWAY", "trailers", "PING answers"])
        func `a run ends at its own end, whatever its target sends meanwhile`(kind: String) throws {
            let peer = try Peer(kind)
            defer { peer.stop() }
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let result = try Program.loadgen(arguments(peer, folder, for: "1s"))
            #expect([2, 4].contains(result.code), "\(result.output)\(result.errors)")
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: folder))
            #expect(evidence.isComplete && !evidence.failures.isEmpty)
        }

        @Test func `one interrupt ends a run that is flooded`() throws {
            let peer = try Peer("empty DATA")
            defer { peer.stop() }
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (run, output, _) = try Program.start(
                "loadgen", arguments(peer, folder, for: "10m"))
            defer { Program.stop(run) }
            peer.waitForFlood()
            kill(run.processIdentifier, SIGINT)
            _ = output.fileHandleForReading.readDataToEndOfFile()
            run.waitUntilExit()
            #expect(run.terminationStatus == 130)
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: folder))
            #expect(evidence.isComplete && evidence.isInterrupted)
        }
    }
}
