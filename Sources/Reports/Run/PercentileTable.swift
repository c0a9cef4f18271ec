public import Evidence
import Histograms
import Measurements
public import Profiles
import Statistics
import Verdicts

/// Judged latencies as HdrHistogram's table of percentiles, which its plotters read (.hgrm).
///
/// - Source: HdrHistogram, AbstractHistogram.java, outputPercentileDistribution.
public enum PercentileTable {
    /// Steps for each halving of what is left to 100 %.
    private static let stepsPerHalf = 5.0

    /// The table of right answers, in milliseconds; empty but for its head where there are none.
    public static func text(_ evidence: RunEvidence, profile: Profile) -> String {
        let judged = profile.judgedPhaseNames
        let samples = evidence.histogram(.latency) { phase, _ in judged.contains(phase) }
        var text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        var seen: UInt64 = 0
        var level = 0.0
        var isDone = false
        let total = Double(samples.totalCount)
        for bucket in samples.buckets where !isDone {
            seen += bucket.count
            let share = Double(seen) / total
            // A bucket that reaches over several steps has a line for each.
            while !isDone, share >= level {
                text += line(bucket.range.upperBound, level, seen)
                if level >= 1 || seen == samples.totalCount && share <= level {
                    isDone = true
                } else if seen == samples.totalCount, next(level) > 1 - 0.5 / total {
                    text += line(bucket.range.upperBound, 1, seen)
                    isDone = true
                } else {
                    level = next(level)
                }
            }
        }
        return text + footer(samples)
    }

    private static func next(_ level: Double) -> Double {
        // How often what is left has halved, so that each half has as many steps.
        var halves = 1.0
        while 1 - level <= 1 / (halves * 2) { halves *= 2 }
        return min(1, level + 1 / (stepsPerHalf * halves * 2))
    }

    private static func line(_ value: UInt64, _ share: Double, _ count: UInt64) -> String {
        let head =
            "\(padded(decimals(Double(value) / 1e6, 6), 12)) "
            + "\(padded(decimals(share, 12), 14)) \(padded("\(count)", 10))"
        return share >= 1 ? "\(head)\n" : "\(head) \(padded(decimals(1 / (1 - share), 2), 14))\n"
    }

    private static func footer(_ samples: Histogram) -> String {
        let mean = (samples.mean ?? 0) / 1e6
        var squares = 0.0
        for bucket in samples.buckets {
            let middle =
                (Double(bucket.range.lowerBound) + Double(bucket.range.upperBound)) / 2e6
            squares += Double(bucket.count) * (middle - mean) * (middle - mean)
        }
        let deviation = (squares / Double(max(1, samples.totalCount))).squareRoot()
        let most = Double(samples.highestInRange ?? 0) / 1e6
        func pair(_ left: String, _ one: String, _ right: String, _ other: String) -> String {
            "#[\(left) = \(padded(one, 12)), \(right) = \(padded(other, 12))]\n"
        }
        return pair("Mean   ", decimals(mean, 3), "StdDeviation  ", decimals(deviation, 3))
            + pair("Max    ", decimals(most, 3), "Total count   ", "\(samples.totalCount)")
            + pair("Buckets", "22", "SubBuckets    ", "2048")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func decimals(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { power, _ in power * 10 }
        let scaled = Int(clamping: (value * Double(scale)).rounded())
        return "\(scaled / scale).\(String(scaled % scale + scale).dropFirst())"
    }
}
