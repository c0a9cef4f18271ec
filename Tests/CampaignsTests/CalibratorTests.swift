import Evidence
import FoundationEssentials
import Histograms
import Measurements
import Testing

@testable import Campaigns

@Suite struct CalibratorTests {
    /// Runs `body` with the path of a cache in a folder that does not exist yet.
    private func withCache(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body("\(folder)/loadgen/calibration.json")
    }

    private func calibration(key: String) -> Calibration {
        Calibration(
            key: key, measuredAt: "2026-01-01T00:00:00Z", requests: 1500,
            latencies: [Calibration.Quantile(partsPerMillion: 500_000, nanoseconds: 30_000)],
            lags: [Calibration.Quantile(partsPerMillion: 500_000, nanoseconds: 4_000)],
            allocatedBytesPerRequest: 0)
    }

    @Test func `what was kept for this host and build is not measured again`() async throws {
        try withCache { path in
            let calibrator = Calibrator(cachePath: path)
            #expect(calibrator.cached() == nil)
            let kept = calibration(key: Calibrator.key)
            #expect(calibrator.keep(kept))
            #expect(calibrator.cached() == kept)
        }
    }

    @Test func `the floor of another host or build is none of this one`() throws {
        try withCache { path in
            let calibrator = Calibrator(cachePath: path)
            #expect(calibrator.keep(calibration(key: "\(Calibrator.key)x")))
            #expect(calibrator.cached() == nil)
        }
    }

    @Test func `a cache that is damaged or cannot be written is as good as none`() throws {
        try withCache { path in
            let calibrator = Calibrator(cachePath: path)
            #expect(calibrator.keep(calibration(key: Calibrator.key)))
            for text in ["", "{", "[]", "{\"key\": 7}"] {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                #expect(calibrator.cached() == nil)
            }
            #expect(!Calibrator(cachePath: "\(path)/in-a-file").keep(calibration(key: "k")))
        }
        let none = Calibrator(cachePath: nil)
        #expect(none.cached() == nil && !none.keep(calibration(key: Calibrator.key)))
    }

    @Test func `the floor of a quantile is that of the best window`() throws {
        var histograms: [HistogramKey: Histogram] = [:]
        // A thousand requests a window; in each another quantile is disturbed.
        for window in 1...Calibrator.windows {
            var histogram = Histogram()
            for index in 0..<1000 {
                let isDisturbed = index >= 500 && window == 1 || index >= 990 && window == 2
                histogram.record(isDisturbed ? 50_000_000 : UInt64(2_000_000 + 100 * index))
            }
            for clock in [Clock.latency, .lag] {
                histograms[HistogramKey(phase: "\(window)", operation: "root", clock: clock)] =
                    histogram
            }
            histograms[HistogramKey(phase: "warm up", operation: "root", clock: .latency)] =
                histogram
        }
        let floor = Calibrator.calibration(of: histograms, allocatedBytesPerRequest: 1.5)
        #expect(floor.requests == 1000 * Calibrator.windows)
        #expect(floor.latencies.map(\.partsPerMillion) == Calibrator.quantiles)
        #expect(floor.latencies.allSatisfy { $0.nanoseconds < 2_103_000 })
        #expect(floor.lags == floor.latencies)
        #expect(floor.key == Calibrator.key && floor.allocatedBytesPerRequest == 1.5)
    }
}
