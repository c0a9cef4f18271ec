import Evidence
import Foundation
import Histograms
import Measurements
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(20))) struct StallTests {
        /// What an open-loop user would have seen: a request due in a stop waits for its end.
        private func truth(due: [Double], stops: [(begin: Double, end: Double)]) -> [Double] {
            due.map { time in
                stops.first { $0.begin <= time && time < $0.end }.map { $0.end - time } ?? 0
            }.sorted()
        }

        /// A busy machine makes latencies longer and none shorter: the bound above is wide.
        ///
        /// One that stalls for longer by itself deviates, too; that counts if it comes three times.
        @Test func `a target stopped for a second in every five shows the latency that users felt`()
            throws
        {
            var deviations: [String] = []
            for _ in 0..<3 {
                deviations = try deviationsOfOneRun()
                if deviations.isEmpty { return }
            }
            Issue.record("\(deviations)")
        }

        /// Where the report differs from what users felt; empty where it does not.
        private func deviationsOfOneRun() throws -> [String] {
            var deviations: [String] = []
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let profile = """
                load:
                  - steady: { rate: 1000/s, for: 20s, arrivals: poisson }
                scenarios:
                  - health: { steps: [ping] }
                limits: { "lag p(99)": 1m }
                """
            let run = try StoppedRun(
                profile, stopping: .target,
                stops: (0..<4).map { (at: Double($0) * 5 + 2, seconds: 1) }, in: folder)
            let file = "\(folder)/stopped.yaml"
            let schedule = try Program.loadgen("plan", file, "--schedule").output
            let due = schedule.split(separator: "\n").dropFirst().compactMap { line in
                line.split(separator: "\t").first.flatMap { Double($0) }.map { $0 / 1e9 }
            }
            let evidence = try RunEvidence(reading: run.path)
            #expect(run.code != 4, "the run is INVALID")
            let histogram = evidence.histogram(.latency) { _, _ in true }
            #expect(histogram.totalCount == UInt64(due.count))
            let wanted = truth(due: due, stops: run.stops)
            for quantile in [900_000, 950_000, 990_000, 1_000_000] {
                let rank = max(1, (wanted.count * quantile + 999_999) / 1_000_000)
                let want = wanted[rank - 1]
                let got = Double(try #require(histogram.value(atRank: UInt64(rank)))) / 1e9
                if got < want - max(0.05 * want, 0.030) || got > want + 0.250 {
                    deviations.append("\(quantile) ppm: \(got) s for \(want) s")
                }
            }
            let median = try #require(histogram.value(atQuantilePartsPerMillion: 500_000))
            if median >= 250_000_000 { deviations.append("p50 is \(median) ns") }
            return deviations
        }
    }
}
