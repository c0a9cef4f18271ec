import Evidence
import Foundation
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct OddTargetTests {
        /// A run of a second against a server that does this with each connection.
        private func run(
            _ serve: @escaping @Sendable (Int32) -> Void, _ more: String...
        ) throws -> (result: Program.Result, evidence: RunEvidence) {
            let server = try OddServer(serve)
            defer { server.stop() }
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let result = try Program.loadgen(
                [
                    "run", "ping", "--target", "http://127.0.0.1:\(server.port)", "--out", folder,
                    "--rate", "20/s", "--duration", "1s", "--set", "limits.lag p(99)=1m",
                ] + more)
            return (result, try RunEvidence(reading: try Program.onlyRun(in: folder)))
        }

        private func isSaidInOneLine(
            _ words: String, _ serve: @escaping @Sendable (Int32) -> Void
        ) throws {
            let (result, evidence) = try run(serve)
            #expect(result.code == 4)
            // It was given up before there was any load.
            #expect(evidence.rows.isEmpty && evidence.outcomes { _, _ in true }.isEmpty)
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 1 && lines[0].contains(words), "\(result.errors)")
            #expect(result.output.hasPrefix("INVALID\n/"), "\(result.output)")
            #expect(result.output.split(separator: "\n").count == 2)
            #expect(evidence.isComplete)
            #expect(evidence.events.contains { $0.kind == .target && $0.detail.contains(words) })
        }

        @Test func `a server that speaks first, and not HTTP, is told from a silent one`() throws {
            try isSaidInOneLine("does not speak HTTP") { connection in
                OddServer.send("SSH-2.0-odd\r\n", on: connection)
                OddServer.waitForEnd(connection)
            }
        }

        @Test func `a server that accepts and never answers is given up before the load`() throws {
            try isSaidInOneLine("does not answer within 1.5 s") { OddServer.waitForEnd($0) }
        }

        @Test func `a server that closes every connection is said to`() throws {
            try isSaidInOneLine("breaks the connection") { _ in }
        }

        @Test func `an answer that is cut off is a broken connection, not a wait`() throws {
            try isSaidInOneLine("breaks the connection") { connection in
                _ = OddServer.read(connection)
                OddServer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", on: connection)
            }
        }

        @Test func `an answer that ends with its connection is whole`() throws {
            let (result, evidence) = try run { connection in
                _ = OddServer.read(connection)
                let head = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"
                OddServer.send("\(head)pong", on: connection)
            }
            #expect(evidence.outcomes { phase, _ in phase == "steady" } == [.ok: 20])
            #expect(result.code == 3, "\(result.output)")
        }

        @Test func `a status that is no right answer is a failure of the target, not of the run`()
            throws
        {
            let (result, evidence) = try run { connection in
                while OddServer.read(connection) {
                    OddServer.send(
                        "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno", on: connection)
                }
            }
            #expect(result.code == 2, "\(result.output)")
            #expect(result.output.hasPrefix("FAIL\n"))
            #expect(result.output.contains("all 20 requests failed: the target answered 500"))
            #expect(evidence.failures.first?.detail == "status 500: no")
        }
    }
}
