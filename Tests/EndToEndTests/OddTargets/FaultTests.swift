import Evidence
import Foundation
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct FaultTests {
        private func run(
            _ profile: String, in folder: String
        ) throws -> (code: Int32, output: String, path: String?) {
            let file = "\(folder)/faults.yaml"
            try profile.write(toFile: file, atomically: true, encoding: .utf8)
            let result = try Program.loadgen(["run", file, "--out", "\(folder)/runs", "--quiet"])
            return (
                result.code, result.output + result.errors,
                try? Program.onlyRun(in: "\(folder)/runs")
            )
        }

        @Test func `faults strike on the load's clock, are proven, and are measured`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (_, output, path) = try run(
                """
                load: [{ steady: { rate: 200/s, for: 14s } }]
                scenarios: [{ health: { steps: [ping] } }]
                objectives: [recovery < 2s]
                faults:
                  - { hang: target, at: 2s, for: 1s }
                  - { refuse: proxy, at: 8s, for: 1s }
                """, in: folder)
            let evidence = try RunEvidence(reading: try #require(path, "\(output)"))
            let readings = evidence.events.compactMap(\.fault)
            #expect(readings.map(\.kind) == ["hang", "hang", "refuse", "refuse"])
            #expect(readings.map(\.step) == [.struck, .undone, .struck, .undone])
            #expect(readings.allSatisfy { $0.proof == .proven }, "\(readings)")
            for (reading, time) in zip(readings, [2, 3, 8, 9] as [Double]) {
                #expect(reading.beganSeconds.map { $0 >= time } == true)
            }
            // What was due while nobody could connect was refused, and nothing before.
            let refused = evidence.due.filter { (3...7).contains($0.second) && $0.failed > 0 }
            #expect(refused.isEmpty && evidence.due.contains { $0.second == 8 && $0.failed > 0 })
        }

        @Test func `a supervisor goes on when its workers crash, and starts another`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (_, output, path) = try run(
                """
                load: [{ steady: { rate: 100/s, for: 9s } }]
                scenarios: [{ health: { steps: [ping] } }]
                objectives: [recovery < 3s]
                faults:
                  - { crash: workers, at: 2s }
                  - { hang: workers, at: 5s, for: 1s }
                """, in: folder)
            let evidence = try RunEvidence(reading: try #require(path, "\(output)"))
            let readings = evidence.events.compactMap(\.fault)
            #expect(readings.map(\.step) == [.struck, .struck, .undone], "\(evidence.events)")
            #expect(readings.allSatisfy { $0.proof == .proven }, "\(readings)")
            // Only a supervisor that lived has started another worker for the last second's.
            let last = evidence.due.filter { $0.second >= 8 }
            #expect(!last.isEmpty && last.allSatisfy { $0.failed == 0 }, "\(last)")
        }

        @Test
        func `packets are lost and a partition begins and ends, in a network of the run's own`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (code, output, path) = try run(
                """
                load: [{ steady: { rate: 100/s, for: 9s } }]
                scenarios: [{ health: { steps: [ping] } }]
                faults:
                  - { loss: target, at: 1s, for: 2s, share: 30% }
                  - { partition: target, at: 5s, for: 1s, direction: from target }
                """, in: folder)
            // Not every machine lets a namespace be made, and then it says so.
            if code == 64, output.contains("it does not work here") { return }
            let evidence = try RunEvidence(reading: try #require(path, "\(output)"))
            let readings = evidence.events.compactMap(\.fault)
            #expect(readings.map(\.step) == [.struck, .undone, .struck, .undone])
            #expect(readings.allSatisfy { $0.proof == .proven }, "\(evidence.events)")
        }

        @Test func `a power cut takes what was not synced, and the supervisor starts a worker`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (_, output, path) = try run(
                """
                load: [{ steady: { rate: 100/s, for: 7s } }]
                scenarios:
                  - writes: { steps: [createPod: { body: { process: libp2p } }] }
                faults:
                  - injection: target
                    at: 1s
                    for: 3s
                    plan: { unsynced writes: {} }
                  - { power cut: workers, at: 3s }
                """, in: folder)
            let evidence = try RunEvidence(reading: try #require(path, "\(output)"))
            let readings = evidence.events.compactMap(\.fault)
            #expect(readings.map(\.kind) == ["injection", "power cut", "injection"])
            #expect(readings.allSatisfy { $0.proof == .proven }, "\(evidence.events)")
        }

        @Test func `the node misbehaves on the load's clock, and no longer`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (_, output, path) = try run(
                """
                load: [{ steady: { rate: 100/s, for: 5s } }]
                scenarios: [{ health: { steps: [ping] } }]
                faults:
                  - { injection: target, at: 2s, for: 1s, plan: { errors: { status: 503 } } }
                """, in: folder)
            let evidence = try RunEvidence(reading: try #require(path, "\(output)"))
            let readings = evidence.events.compactMap(\.fault)
            #expect(readings.map(\.step) == [.struck, .undone], "\(evidence.events)")
            #expect(readings.allSatisfy { $0.proof == .proven }, "\(evidence.events)")
            let failed = evidence.due.filter { $0.failed > 0 }.map(\.second)
            #expect(failed.contains(2) && failed.allSatisfy { 2...3 ~= $0 }, "\(failed)")
        }

        @Test(arguments: [
            ("{ hang: { pid: 1 }, at: 1s, for: 1s }", "is not the id of a process"),
            ("{ hang: target, at: 1s }", "for"),
            ("{ crash: target, at: 1h }", "no place before the load's end"),
        ])
        func `a fault that must not or cannot be made is said before any load`(
            fault: String, words: String
        ) throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let (code, output, path) = try run(
                """
                load: [{ steady: { rate: 10/s, for: 2s } }]
                scenarios: [{ health: { steps: [ping] } }]
                faults: [\(fault)]
                """, in: folder)
            #expect(code == 64 && output.contains(words) && path == nil, "\(code): \(output)")
        }
    }
}
