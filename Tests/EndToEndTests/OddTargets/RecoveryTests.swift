import Evidence
import Foundation
import JSON
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct RecoveryTests {
        /// A hang in which nothing fails, judged with limits on either side of its length.
        @Test func `a target that hangs for a second and recovers is judged by how long it hung`()
            throws
        {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try StoppedRun(
                """
                load:
                  - steady: { rate: 500/s, for: 6s }
                scenarios:
                  - health: { steps: [ping] }
                objectives:
                  - recovery < 500ms
                  - recovery < 3s
                limits: { lag p(99): 100ms }
                """, stopping: .target, stops: [(at: 2, seconds: 1.2)], in: folder)
            let text = try String(contentsOfFile: "\(run.path)/verdict.json", encoding: .utf8)
            let objectives = try #require(JSONValue(parsing: text.utf8)["objectives"]?.array)
            try #require(objectives.count == 2)
            let sentences = objectives.compactMap { $0["sentence"]?.string }
            #expect(objectives[0]["verdict"]?.string == "FAIL", "\(sentences)")
            #expect(objectives[1]["verdict"]?.string == "PASS", "\(sentences)")
            let silence = try #require(
                RunEvidence(reading: run.path).silences(of: "ping").max {
                    ($0.toNanoseconds ?? 0) - $0.fromNanoseconds
                        < ($1.toNanoseconds ?? 0) - $1.fromNanoseconds
                })
            // It began before the stop was seen to have been sent, and ended after the end of it.
            let stamps = run.stops[0]
            #expect(Double(silence.fromNanoseconds) / 1e9 < stamps.begin + 0.05, "\(stamps)")
            #expect(Double(silence.toNanoseconds ?? 0) / 1e9 >= stamps.end, "\(stamps)")
        }
    }
}
