import Statistics
import Verdicts

/// A scale with its ticks and their labels.
struct ChartAxis: Sendable {
    /// A place that is labelled.
    struct Tick: Sendable {
        let value: Double
        let label: String
    }

    let scale: ChartScale
    let ticks: [Tick]

    init(_ scale: ChartScale, ticks: [Tick]) {
        self.scale = scale
        self.ticks = ticks
    }

    /// An axis whose ticks are labelled by `label`.
    init(_ scale: ChartScale, atMost count: Int = 5, label: (Double) -> String) {
        self.init(
            scale,
            ticks: scale.ticks(atMost: count).map { Tick(value: $0, label: label($0)) })
    }

    /// Latencies in nanoseconds, on a logarithmic scale.
    static func nanoseconds(from low: Double, to high: Double) -> ChartAxis {
        ChartAxis(.logarithmic(from: low, to: high), atMost: 7, label: nanosecondLabel)
    }

    /// Sizes in bytes from 0.
    static func bytes(upTo most: Double) -> ChartAxis {
        let scale = ChartScale.bytes(upTo: most)
        return ChartAxis(
            scale,
            ticks: scale.byteTicks(atMost: 5).map { Tick(value: $0, label: byteLabel($0)) })
    }

    /// Counts or rates from 0.
    static func counts(upTo most: Double) -> ChartAxis {
        ChartAxis(.linear(upTo: most), label: countLabel)
    }

    /// Shares from 0 in per cent.
    static func shares(upTo most: Double) -> ChartAxis {
        ChartAxis(.linear(upTo: most)) { "\(countLabel($0 * 100)) %" }
    }

    /// Time in seconds from the start of the load, on a linear scale.
    static func time(from start: Double, to end: Double) -> ChartAxis {
        let scale = ChartScale(.linear, from: start, to: max(end, start + 0.001))
        let step = timeStep((scale.high - scale.low) / 6)
        var ticks: [Tick] = []
        var index = (scale.low / step).rounded(.up)
        while index * step <= scale.high, ticks.count < 20 {
            ticks.append(Tick(value: index * step, label: timeLabel(index * step, step: step)))
            index += 1
        }
        return ChartAxis(scale, ticks: ticks)
    }

    private static func timeStep(_ least: Double) -> Double {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600,
            43_200, 86_400,
        ]
        if least < 1 { return ChartScale.roundStep(least) }
        return steps.first { $0 >= least } ?? ChartScale.roundStep(least / 86_400) * 86_400
    }

    private static func timeLabel(_ seconds: Double, step: Double) -> String {
        let (size, unit) =
            step >= 3600 ? (3600.0, "h") : step >= 60 ? (60.0, "min") : (1.0, "s")
        return "\(countLabel(seconds / size)) \(unit)"
    }

    /// A round time with its unit, as in 20 ms.
    static func nanosecondLabel(_ value: Double) -> String {
        let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]
        let (size, unit) = units.first { value >= $0.0 * (1 - 1e-9) } ?? (1, "ns")
        return "\(countLabel(value / size)) \(unit)"
    }

    private static func byteLabel(_ value: Double) -> String {
        let units = [
            (1_099_511_627_776.0, "TiB"), (1_073_741_824, "GiB"), (1_048_576, "MiB"),
            (1024, "KiB"),
        ]
        let (size, unit) = units.first { value >= $0.0 } ?? (1, "B")
        return value == 0 ? "0" : "\(countLabel(value / size)) \(unit)"
    }

    /// A round number in short, as in 2.5 or 20k.
    static func countLabel(_ value: Double) -> String {
        if value >= 999_999.5 { return "\(short(value / 1e6))M" }
        if value >= 9999.5 { return "\(short(value / 1e3))k" }
        return value >= 1000 ? Figure.whole(Int(clamping: value.rounded())) : short(value)
    }

    private static func short(_ value: Double) -> String {
        value != 0 && value.magnitude < 0.1
            ? Figure.significant(value, digits: 1)
            : Markup.number(value)
    }
}
