import Evidence
import Foundation
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct InitTests {
        /// Makes a profile with `loadgen init`, runs it as it is for a second, and returns what was
        /// called.
        private func run(
            _ argument: String, _ flags: [String], in folder: String
        ) throws -> Set<String> {
            let made = try Program.loadgen(
                ["init", argument, "--out", "first.yaml"] + flags, in: folder)
            #expect(made.code == 0, "\(made.output)\(made.errors)")
            let again = try Program.loadgen(
                ["init", argument, "--out", "first.yaml"] + flags, in: folder)
            #expect(again.code == 64 && again.errors.contains("first.yaml cannot be made"))
            // So short a run proves nothing: INCONCLUSIVE.
            let result = try Program.loadgen(
                ["run", "first.yaml", "--out", "runs", "--duration", "1s"], in: folder)
            #expect([0, 3].contains(result.code), "\(result.output)\(result.errors)")
            let evidence = try RunEvidence(reading: Program.onlyRun(in: "\(folder)/runs"))
            let counts = evidence.rows.flatMap(\.counts)
            #expect(counts.allSatisfy { Set($0.outcomes.keys).isSubset(of: [.ok]) })
            return Set(counts.map(\.operation))
        }

        @Test func `a profile that init wrote for a URL runs without an edit`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (node, url) = try Program.startNode()
            defer { Program.stop(node) }
            #expect(try run("\(url)/api/v0/ping", [], in: folder) == ["GET /api/v0/ping"])
        }

        @Test func `one for an OpenAPI document calls what changes nothing`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (node, url) = try Program.startNode()
            defer { Program.stop(node) }
            let document = """
                openapi: 3.0.3
                servers: [{ url: /api/v0 }]
                paths:
                  /ping:
                    get:
                      responses: { '200': { content: { text/plain: {}, text/html: {} } } }
                  /pods:
                    get:
                      operationId: pods
                      responses:
                        '200': { content: { application/json: { schema: { type: array } } } }
                    post: { responses: { '201': { description: made } } }
                  /pods/{id}: { get: { responses: { '200': { description: one } } } }
                """
            try document.write(
                toFile: "\(folder)/api.yaml", atomically: true, encoding: .utf8)
            let called = try run("api.yaml", ["--target", url], in: folder)
            #expect(called.isSubset(of: ["GET /ping", "pods"]) && !called.isEmpty)
        }
    }
}
