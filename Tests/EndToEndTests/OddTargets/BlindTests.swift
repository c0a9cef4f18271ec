import Evidence
import Foundation
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct BlindTests {
        @Test func `time in which loadgen itself was stopped is in the evidence`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try StoppedRun(
                """
                load:
                  - steady: { rate: 200/s, for: 5s }
                scenarios:
                  - health: { steps: [ping] }
                """, stopping: .generator, stops: [(at: 2, seconds: 1.4)], in: folder)
            let (begin, end) = run.stops[0]
            let evidence = try RunEvidence(reading: run.path)
            // A machine that has much else to do may hold it up at other times, too.
            let stretch = try #require(
                evidence.blindStretches.first { Double($0.toNanoseconds) / 1e9 >= end },
                "\(evidence.blindStretches), stopped from \(begin) s to \(end) s")
            #expect(Double(stretch.fromNanoseconds) / 1e9 < begin + 0.1)
            #expect(evidence.blindSeconds(from: begin, to: end) > 1.3)
            // It held up the load and not the target, so that nothing is missing.
            #expect(evidence.hasWholeDue && evidence.due.reduce(0) { $0 + $1.total } == 1000)
        }

        @Test func `a target that is down while loadgen does not look does not pass`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let run = try StoppedRun(
                """
                load:
                  - steady: { rate: 200/s, for: 12s }
                objectives:
                  - error rate < 1%
                  - success >= 99%
                scenarios:
                  - health: { steps: [ping] }
                """, stopping: .both,
                stops: [(1.2, 1.9), (3.6, 1.9), (6, 1.9), (8.4, 1.9)], in: folder)
            let evidence = try RunEvidence(reading: run.path)
            #expect(run.stops.count == 4 && run.code == 4)
            for stop in run.stops {
                #expect(evidence.blindSeconds(from: stop.begin, to: stop.end) > 1.8)
            }
            // Each answer that it looked at was right.
            #expect(evidence.due.reduce(0) { $0 + $1.failed } == 0)
        }
    }
}
