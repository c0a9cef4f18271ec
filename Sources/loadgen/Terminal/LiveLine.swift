import Campaigns
import Measurements
import Statistics
import Targets
import Verdicts

/// How the run is going: one changing line on a terminal, a plain line now and then elsewhere.
struct LiveLine: Sendable {
    let isInteractive: Bool
    let columns: Int

    private static let plainEverySeconds = 5
    private static let barWidth = 20

    /// Shows a second of the run.
    func show(_ progress: RunProgress) {
        if let text = text(progress) { Terminal.writeAsIs(text) }
    }

    /// What a second of the run is shown as; `nil` if it is not.
    func text(_ progress: RunProgress) -> String? {
        let row = progress.row
        let now = Int(clamping: row.timeSeconds.rounded())
        let time = "\(now)/\(Int(clamping: progress.totalSeconds.rounded(.up))) s"
        let ended = row.counts.reduce(0) { $0 + $1.outcomes.values.reduce(0, +) }
        let text =
            "\(row.phases.description.printableLine)  \(Figure.whole(ended))/s"
            + "  p95 \(name(row.latency?.p95Nanoseconds))"
            + "  errors \(Figure.whole(progress.failures)) / \(Figure.whole(progress.requests))"
            + "  lag p99 \(name(row.lag?.p99Nanoseconds))"
        guard isInteractive else {
            let isShown = now % Self.plainEverySeconds == 0
            return isShown ? "\(time)  \(text)\n" : nil
        }
        let done = min(1, max(0, row.timeSeconds / max(progress.totalSeconds, 0.001)))
        let full = Int(clamping: (done * Double(Self.barWidth)).rounded())
        let bar =
            String(repeating: "█", count: full)
            + String(repeating: "░", count: Self.barWidth - full)
        return "\r\u{1B}[2K\("\(bar) \(time)  \(text)".prefix(max(1, columns - 1)))"
    }

    /// Clears the changing line, before the report.
    func end() {
        if isInteractive { Terminal.writeAsIs("\r\u{1B}[2K") }
    }

    private func name(_ nanoseconds: UInt64?) -> String { nanoseconds.map(Figure.time) ?? "-" }
}
