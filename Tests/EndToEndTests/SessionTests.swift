import Evidence
import Foundation
import Histograms
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct SessionTests {
        /// Runs a profile's text on the reference node, and reads its evidence.
        private func run(
            _ profile: String, files: [String: String] = [:], code: Int32 = 0
        ) throws -> (evidence: RunEvidence, output: String) {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            for (name, text) in files {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let path = "\(folder)/session.yaml"
            try profile.write(toFile: path, atomically: true, encoding: .utf8)
            let result = try Program.loadgen("run", path, "--out", "\(folder)/runs")
            #expect(result.code == code, "\(result.output)\(result.errors)")
            let run = try Program.onlyRun(in: "\(folder)/runs")
            // The evidence stands for itself: the files may be gone when it is read.
            for name in files.keys {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
            let report = try Program.loadgen("report", run)
            #expect(report.code == code, "\(report.output)\(report.errors)")
            return (try RunEvidence(reading: run), report.output)
        }

        @Test func `a session with extraction, data, choices and groups runs on the node`() throws {
            let (evidence, report) = try run(
                """
                target: embedded
                load: [{ steady: { rate: 50/s, for: 4s } }]
                data: [{ kinds: { file: kinds.csv, order: sequential } }]
                scenarios:
                  - pods:
                      cookies: true
                      steps:
                        - group: life
                          steps:
                            - createPod:
                                body: { process: "${kinds.process}" }
                                save: { pod: $.podId.name, same: { regex: '"name":"([^"]+)"' } }
                            - repeat: 2
                              steps:
                                - describePod: { path: { id: "${pod}" }, think: 5ms }
                            - deletePod: { body: { id: "${same}" } }
                        - if: { value: "${kinds.process}", equals: libp2p }
                          then:
                            - ping: { name: first kind, save: { type: { header: Content-Type } } }
                            - request:
                                url: /api/v0/ping?again=${string(4)}
                                name: again
                                expect: { body: pong, header: { Content-Type: "${type}" } }
                          else:
                            - describePod:
                                name: gone
                                path: { id: "${pod}" }
                                expect: { status: 404, $.error: Not Found }
                objectives: [error rate < 5%, p(50) < 5s on again]
                limits: { "lag p(99)": 1s }
                """, files: ["kinds.csv": "process\nlibp2p\nipfs\n"])
            func count(_ operation: String) -> [Outcome: Int] {
                evidence.outcomes { _, name in name == operation }
            }
            #expect(
                evidence.outcomes { _, _ in true }.keys.sorted { $0.rawValue < $1.rawValue } == [
                    .ok
                ], "\(evidence.failures.first.map { "\($0)" } ?? "")")
            #expect(count("createPod") == [.ok: 200] && count("deletePod") == [.ok: 200])
            #expect(count("describePod") == [.ok: 400])
            #expect(count("first kind") == [.ok: 100] && count("again") == [.ok: 100])
            #expect(count("gone") == [.ok: 100])
            #expect(evidence.groups == ["life"])
            #expect(evidence.histogram(.group) { _, _ in true }.totalCount == 200)
            #expect(report.contains("life"))
        }

        @Test func `data that is used up is said, and an expectation that fails is a failure`()
            throws
        {
            let (evidence, report) = try run(
                """
                target: embedded
                load: [{ steady: { rate: 50/s, for: 2s } }]
                data: [{ names: { file: names.json, order: once } }]
                scenarios:
                  - hello: { steps: [{ ping: { query: { n: "${names.n}" } } }] }
                  - late: { steps: [{ ping: { name: late, expect: { time: 1ns } } }] }
                """, files: ["names.json": "[{\"n\": 1}, {\"n\": \"two\"}]"])
            #expect(evidence.outcomes { _, name in name == "ping" } == [.ok: 2])
            let late = evidence.outcomes { _, name in name == "late" }
            #expect(Array(late.keys) == [.tooSlow])
            #expect((late[.tooSlow] ?? 0) + evidence.rows.reduce(0) { $0 + ($1.unfed ?? 0) } == 98)
            #expect(report.contains("not started"))
        }

        /// How often a run asks the allocator for memory, by jemalloc's own count.
        private func allocations(
            of profile: String, iterations: Int, target: String
        ) throws -> (count: Int, seconds: Int) {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let process = Process()
            process.executableURL = URL(filePath: "\(Program.folder ?? "")/loadgen")
            process.arguments = [
                "run", profile, "--set", "load.steady.iterations=\(iterations)", "--target",
                target, "--out", folder, "--quiet",
            ]
            process.environment = ProcessInfo.processInfo.environment.merging([
                "MALLOC_CONF": "stats_print:true,stats_print_opts:gblxe"
            ]) { $1 }
            let errors = Pipe()
            process.standardOutput = Pipe()
            process.standardError = errors
            try process.run()
            let text = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: folder))
            #expect(evidence.outcomes { _, _ in true } == [.ok: 3 * iterations])
            let total = try #require(
                text.split(separator: "\n").first { $0.hasPrefix("total:") }, "\(text)")
            // allocated, nmalloc and ndalloc with their rates, then nrequests.
            let columns = total.split(separator: " ").dropFirst().map { Int($0) }
            return (try #require(columns.count > 5 ? columns[5] : nil), evidence.rows.count)
        }

        /// The longer run has more ticks of a second, of some 1,700 allocations each.
        ///
        /// One allocation for each request of one step would be 29,000.
        @Test(.enabled(if: Program.isOptimised))
        func `templates, slots and checks without parsing allocate nothing for a request`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let path = "\(folder)/slots.yaml"
            try """
            contract: none
            load: [{ steady: { users: 4, iterations: 1, for: 10m } }]
            scenarios:
              - slots:
                  steps:
                    - request: { url: /api/v0/ping, name: fixed }
                    - request:
                        url: /api/v0/ping?i=${iteration}&n=${int(1,1000000)}&s=${string(12)}
                        name: drawn
                        expect: { status: 200, body: pong, content type: text/plain }
                    - request:
                        url: /api/v0/ping?${uuid}
                        name: unique
                        headers: { T: "${iso}", A: "${timestamp}", B: "${timestamp_ms}" }
            """.write(toFile: path, atomically: true, encoding: .utf8)
            let (node, url) = try Program.startNode()
            defer { Program.stop(node) }
            let few = try allocations(of: path, iterations: 1000, target: url)
            let many = try allocations(of: path, iterations: 30_000, target: url)
            let ticks = 2_000 * (many.seconds - few.seconds)
            #expect(
                many.count - few.count < 15_000 + ticks,
                "\(few) for 3,000 requests, \(many) for 90,000")
        }
    }
}
