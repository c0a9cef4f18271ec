import Measurements
import Testing

@testable import Campaigns
@testable import Targets
@testable import loadgen

@Suite struct LiveLineTests {
    private func progress(at seconds: Double, of total: Double = 20) -> RunProgress {
        var row = SeriesRow(timeSeconds: seconds, phases: ["steady"])
        row.counts = [
            OperationCounts(phase: "steady", operation: "a", outcomes: [.ok: 1000, .reset: 2]),
            OperationCounts(phase: "steady", operation: "b", outcomes: [.ok: 500]),
        ]
        row.latency = QuantileSummary(
            p50Nanoseconds: 1, p95Nanoseconds: 1_234_567, p99Nanoseconds: 2, maxNanoseconds: 3)
        row.lag = QuantileSummary(
            p50Nanoseconds: 1, p95Nanoseconds: 2, p99Nanoseconds: 999_960, maxNanoseconds: 3)
        return RunProgress(row: row, totalSeconds: total, failures: 2, requests: 15_020)
    }

    private static let figures =
        "steady  1,502/s  p95 1.23 ms  errors 2 / 15,020  lag p99 1.00 ms"

    @Test func `a terminal sees one line with a bar that is written over`() {
        let line = LiveLine(isInteractive: true, columns: 200).text(progress(at: 5.01))
        let bar = "█████" + String(repeating: "░", count: 15)
        #expect(line == "\r\u{1B}[2K\(bar) 5/20 s  \(Self.figures)")
    }

    @Test(arguments: [1, 40, 80])
    func `the line never wraps`(columns: Int) {
        let line = LiveLine(isInteractive: true, columns: columns).text(progress(at: 10))
        let shown = line?.dropFirst("\r\u{1B}[2K".count)
        #expect((shown?.count ?? .max) <= max(1, columns - 1))
    }

    @Test(arguments: [(25.0, 20), (0.0, 0), (-1.0, 0)])
    func `the bar stays within its frame`(seconds: Double, full: Int) {
        let line = LiveLine(isInteractive: true, columns: 200).text(progress(at: seconds))
        #expect(line?.count { $0 == "█" } == full)
        #expect(line?.count { $0 == "░" } == 20 - full)
    }

    @Test func `elsewhere it is a plain line every five seconds`() {
        let plain = LiveLine(isInteractive: false, columns: 80)
        #expect(plain.text(progress(at: 5.02)) == "5/20 s  \(Self.figures)\n")
        #expect(plain.text(progress(at: 4.98)) == "5/20 s  \(Self.figures)\n")
        #expect(plain.text(progress(at: 6.0)) == nil)
    }

    @Test func `a second without an answer has no time`() {
        var empty = progress(at: 5)
        (empty.row.latency, empty.row.lag, empty.row.counts) = (nil, nil, [])
        let line = LiveLine(isInteractive: false, columns: 80).text(empty)
        #expect(line == "5/20 s  steady  0/s  p95 -  errors 2 / 15,020  lag p99 -\n")
    }
}
