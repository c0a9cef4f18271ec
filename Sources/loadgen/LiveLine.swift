import Campaigns
import Evidence

/// How the run is going: one changing line on a terminal, a plain line now and then elsewhere.
struct LiveLine: Sendable {
    let isInteractive: Bool
    let columns: Int

    private static let plainEverySeconds = 5
    private static let barWidth = 20

    /// Shows a second of the run.
    func show(_ progress: RunProgress) {
        let row = progress.row
        let done = min(1, row.timeSeconds / max(progress.totalSeconds, 0.001))
        let ended = row.counts.reduce(0) { $0 + $1.outcomes.values.reduce(0, +) }
        let text =
            "\(row.phase)  \(ended)/s  p95 \(time(row.latency?.p95Nanoseconds))"
            + "  errors \(progress.failures) / \(progress.requests)  lag p99 "
            + "\(time(row.lag?.p99Nanoseconds))"
        if isInteractive {
            let full = Int((done * Double(Self.barWidth)).rounded())
            let bar =
                String(repeating: "█", count: full)
                + String(repeating: "░", count: Self.barWidth - full)
            let line =
                "\(bar) \(Int(row.timeSeconds.rounded()))/\(Int(progress.totalSeconds)) s  \(text)"
            Terminal.write("\r\u{1B}[2K\(line.prefix(columns - 1))")
        } else if Int(row.timeSeconds.rounded()) % Self.plainEverySeconds == 0 {
            Terminal.write(
                "\(Int(row.timeSeconds.rounded()))/\(Int(progress.totalSeconds)) s  \(text)\n")
        }
    }

    /// Clears the changing line, before the report.
    func end() {
        if isInteractive { Terminal.write("\r\u{1B}[2K") }
    }

    private func time(_ nanoseconds: UInt64?) -> String {
        guard let nanoseconds else { return "-" }
        let (value, unit) =
            switch nanoseconds {
            case ..<1_000_000: (Double(nanoseconds) / 1e3, "µs")
            case ..<1_000_000_000: (Double(nanoseconds) / 1e6, "ms")
            default: (Double(nanoseconds) / 1e9, "s")
            }
        return value < 100
            ? "\((value * 10).rounded() / 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
    }
}
