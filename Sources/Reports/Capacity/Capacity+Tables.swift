import Measurements
import Statistics
import Verdicts

/// What every format of a capacity shows.
extension Capacity {
    /// A line for each step, in the order of rates.
    var stepRows: [[String]] {
        let head = [
            "rate", "step", "length", "outcome", "throughput", "answered", "queue", "p50", "p95",
            "p99", "errors", "cpu", "memory",
        ]
        return [head]
            + steps.sorted { $0.rate < $1.rate }.map { step in
                [
                    Self.rate(step.rate), step.stage.rawValue,
                    "\(Figure.significant(step.seconds)) s",
                    step.bound.map { "\(step.outcome.rawValue) (\($0.rawValue))" }
                        ?? step.outcome.rawValue,
                    Self.rate(step.throughput),
                    step.answeredShare.map { Figure.percent(min(1, $0)) } ?? "-",
                    Self.queue(step.inFlightGrowth), Self.time(step.p50), Self.time(step.p95),
                    Self.time(step.p99),
                    Figure.percent(step.errorRate),
                    step.cpu.map { "\(Figure.significant($0)) cores" } ?? "-",
                    step.memory.map { Figure.bytes(UInt64(clamping: $0)) } ?? "-",
                ]
            }
    }

    /// By how much arrivals in flight grew each second.
    private static func queue(_ growth: Double?) -> String {
        guard let growth else { return "-" }
        return growth.magnitude < 0.05 ? "steady" : "\(growth > 0 ? "+" : "")\(rate(growth))"
    }

    /// The knee and the scalability law.
    var factRows: [[String]] {
        var rows = [["figure", "value"]]
        rows.append([
            "knee",
            knee.map { "p95 more than doubles by \(Self.rate($0))" } ?? "not within the steps",
        ])
        guard let law = scalability else {
            return rows + [["scalability", "too few steps for a fit"]]
        }
        func figure(_ value: Double, _ interval: [Double]?) -> String {
            let bounds =
                interval.map {
                    " [\(Figure.significant($0[0])), \(Figure.significant($0[1]))]"
                } ?? " (at its bound)"
            return Figure.significant(value) + bounds
        }
        rows.append(["rate at concurrency 1", figure(law.rate, law.rateInterval) + " a second"])
        rows.append(["contention", figure(law.contention, law.contentionInterval)])
        rows.append(["coherency", figure(law.coherency, law.coherencyInterval)])
        if let peak = law.peakConcurrency, let throughput = law.peakThroughput {
            rows.append([
                "peak", "\(Self.rate(throughput)) at concurrency \(Figure.significant(peak))",
            ])
        }
        if !law.cautions.isEmpty {
            rows.append(["caution", law.cautions.joined(separator: "; ")])
        }
        return rows
    }

    static func rate(_ rate: Double) -> String { "\(Figure.significant(rate, digits: 4))/s" }

    static func time(_ nanoseconds: Double?) -> String {
        nanoseconds.map { Figure.time(UInt64(clamping: $0)) } ?? "-"
    }
}
