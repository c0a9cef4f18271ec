import Evidence
import Foundation
import Histograms
import Testing

extension EndToEndTests {
    @Suite(.serialized, .timeLimit(.minutes(10))) struct StallTests {
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
            let (node, nodeOutput, _) = try Program.start("moonbase", ["--port", "0"])
            defer {
                kill(node.processIdentifier, SIGCONT)
                node.terminate()
                node.waitUntilExit()
            }
            let line = String(
                decoding: nodeOutput.fileHandleForReading.availableData, as: UTF8.self)
            let url = try #require(line.split(separator: " ").last).trimmingCharacters(
                in: .newlines)
            let profile = "\(folder)/stall.yaml"
            try """
            load:
              - steady: { rate: 1000/s, for: 20s, arrivals: poisson }
            scenarios:
              - health: { steps: [ping] }
            limits: { "lag p(99)": 1m }
            """.write(toFile: profile, atomically: true, encoding: .utf8)
            let schedule = try Program.loadgen("plan", profile, "--schedule").output
            let due = schedule.split(separator: "\n").dropFirst().compactMap { line in
                line.split(separator: "\t").first.flatMap { Double($0) }.map { $0 / 1e9 }
            }
            let results = "\(folder)/runs"
            let (run, output, _) = try Program.start(
                "loadgen", ["run", profile, "--target", url, "--out", results, "--quiet"])
            defer {
                run.terminate()
                run.waitUntilExit()
            }
            let start = try startOfLoad(in: results)
            var stops: [(begin: Double, end: Double)] = []
            for stop in 0..<4 {
                sleep(until: start + Double(stop) * 5 + 2)
                kill(node.processIdentifier, SIGSTOP)
                let begin = monotonicSeconds() - start
                sleep(until: start + begin + 1)
                kill(node.processIdentifier, SIGCONT)
                stops.append((begin, monotonicSeconds() - start))
            }
            _ = output.fileHandleForReading.readDataToEndOfFile()
            run.waitUntilExit()
            let evidence = try RunEvidence(reading: try Program.onlyRun(in: results))
            #expect(run.terminationStatus != 4, "the run is INVALID")
            let histogram = evidence.histogram(.latency) { _, _ in true }
            #expect(histogram.totalCount == UInt64(due.count))
            let wanted = truth(due: due, stops: stops)
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

        /// The monotonic time at which the load began, from the event that says so.
        private func startOfLoad(in results: String) throws -> Double {
            for _ in 0..<6000 {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: results)) ?? []
                if let name = names.first,
                    let text = try? String(
                        contentsOfFile: "\(results)/\(name)/events.ndjson", encoding: .utf8),
                    let line = text.split(separator: "\n").first(where: { $0.contains("started") }),
                    let clock = line.firstRange(of: "monotonic "),
                    let time = Double(line[clock.upperBound...].prefix { $0.isNumber || $0 == "." })
                {
                    return time
                }
                usleep(10_000)
            }
            throw CocoaError(.fileReadUnknown)
        }

        private func monotonicSeconds() -> Double {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        }

        private func sleep(until time: Double) {
            let left = time - monotonicSeconds()
            if left > 0 { usleep(UInt32(left * 1e6)) }
        }
    }
}
