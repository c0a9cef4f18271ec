import Statistics
import Verdicts

extension ReportModel {
    /// A line for whatever was watched for growth; empty where the run is no soak.
    var leaks: [Row] {
        guard let leaks = verdict.leaks, !leaks.isEmpty else { return [] }
        return [["held at rest", "first", "last", "floors", "growth a request", "could find", ""]]
            + leaks.map(Self.row)
    }

    private static func row(_ leak: LeakVerdict) -> Row {
        let isMemory = leak.isMemory
        func number(_ value: Double) -> String {
            isMemory && value >= 0
                ? Figure.bytes(UInt64(clamping: value)) : Figure.significant(value)
        }
        func rate(_ value: Double) -> String {
            Figure.significant(value, digits: 2) + (isMemory ? " B" : "")
        }
        return [
            "\(leak.subject): \(leak.quantity)" + (leak.source.map { " (\($0))" } ?? ""),
            number(leak.first), number(leak.last), Figure.whole(leak.floors),
            leak.perRequest.map { "\(rate($0.lower)) to \(rate($0.upper))" } ?? "-",
            leak.perRequest.map { rate($0.detectable) } ?? "-", leak.verdict.rawValue,
        ]
    }
}
