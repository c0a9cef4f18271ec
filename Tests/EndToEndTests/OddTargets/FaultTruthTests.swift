import Evidence
import Foundation
import JSON
import Measurements
import Testing

extension EndToEndTests {
    /// Faults of a known length are measured as they were.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct FaultTruthTests {
        private static let rate = 500.0
        /// Two requests, and what the machine takes.
        private static let tolerance = 2 / rate + 0.020

        private func run(
            _ profile: String, _ words: [String] = []
        ) throws -> (report: JSONValue, readings: [FaultReading]) {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let file = "\(folder)/truth.yaml"
            try profile.write(toFile: file, atomically: true, encoding: .utf8)
            let result = try Program.loadgen(
                ["run", file, "--out", "\(folder)/runs", "--quiet"] + words)
            let path = try #require(
                try? Program.onlyRun(in: "\(folder)/runs"), "\(result.output + result.errors)")
            let report = try Program.loadgen("report", path, "--format", "json")
            return (
                try JSONValue(parsing: Data(report.output.utf8)),
                try RunEvidence(reading: path).events.compactMap(\.fault)
            )
        }

        @Test func `a hang and a hold last as long as they were made to`() throws {
            let (report, readings) = try run(
                """
                load: [{ steady: { rate: 500/s, for: 24s } }]
                scenarios: [{ health: { steps: [ping] } }]
                faults:
                  - { hang: target, at: 4s, for: 3s }
                  - { hold: proxy, at: 14s, for: 2s }
                objectives: [recovery < 2s, detection < 1s]
                limits: { in flight: 8000 }
                """)
            let trials = try #require(report["trials"]?.array)
            #expect(trials.count == 2)
            for (index, trial) in trials.enumerated() {
                let own = readings.filter { $0.fault == index }
                let struck = try #require(own.first { $0.step == .struck })
                let undone = try #require(own.first { $0.step == .undone })
                let began = try #require(struck.beganSeconds)
                let seen = try #require(struck.seenSeconds)
                let detected = try #require(trial["detection"]?["upper_s"]?.double, "\(trial)")
                #expect(detected <= seen - began + Self.tolerance, "\(trial)")
                let recovery = try #require(trial["recovery_from_start"])
                let lower = try #require(recovery["lower_s"]?.double)
                let upper = try #require(recovery["upper_s"]?.double, "\(trial)")
                let least = try #require(undone.beganSeconds) - seen
                let most = try #require(undone.seenSeconds) - began
                #expect(lower >= least - Self.tolerance, "\(trial): \(own)")
                #expect(upper <= most + Self.tolerance, "\(trial): \(own)")
            }
        }

        @Test func `a service of one's own is started, struck, and recovers by itself`() throws {
            let (report, readings) = try run(
                """
                contract: none
                load: [{ steady: { rate: 50/s, for: 8s } }]
                scenarios:
                  - any: { steps: [{ request: { url: /, name: root, expect: { status: 200 } } }] }
                faults: [{ hang: target, at: 2s, for: 1s }]
                objectives: [recovery < 3s]
                """,
                ["--target", "/usr/bin/python3 -m http.server {port} --bind 127.0.0.1"])
            #expect(readings.map(\.step) == [.struck, .undone])
            #expect(
                report["verdict"]?["verdict"] == .string("PASS"), "\(report["verdict"] ?? .null)")
        }
    }
}
