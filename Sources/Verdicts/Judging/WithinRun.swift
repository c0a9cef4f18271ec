import Evidence
import Histograms
import Measurements
import Profiles
import Statistics

/// How much a run's values vary by chance within the run: by the variance between its parts, which
/// has in it what neighbouring requests have in common.
enum WithinRun {
    private static let maximumParts = 10
    private static let minimumParts = 4
    private static let minimumRowSeconds = 0.5

    private struct Part {
        var latency = Histogram()
        var right = 0
        var total = 0
    }

    /// The variance of each value of the run's figures, by the metric's name, on the scale on which
    /// runs are compared; of none where the run has too few seconds.
    static func variances(_ evidence: RunEvidence, profile: Profile) -> [String: Double] {
        let parts = parts(evidence, profile)
        guard parts.count >= minimumParts else { return [:] }
        var result: [String: Double] = [:]
        func set(_ metric: ComparisonMetric, _ values: [Double]) {
            guard values.count == parts.count, let series = try? Series(values),
                let variance = series.variance
            else { return }
            result[metric.name] = variance / Double(values.count)
        }
        for case .latency(let quantile) in ComparisonMetric.all {
            set(
                .latency(partsPerMillion: quantile),
                parts.compactMap { part in
                    let rank = QuantileRanks.point(trials: part.total, partsPerMillion: quantile)
                    return part.latency.value(atRank: UInt64(rank)).flatMap { value in
                        value > 0 ? RunScale.logarithm.scaled(Double(value)) : nil
                    }
                })
        }
        set(
            .errorRate,
            parts.map { part in
                RunScale.share.scaled(RunScale.share(part.total - part.right, of: part.total))
            })
        set(
            .throughput,
            parts.compactMap { part in
                part.right > 0 ? RunScale.logarithm.scaled(Double(part.right)) : nil
            })
        return result
    }

    /// The judged seconds in at most ten parts of the same number of seconds, each with requests.
    private static func parts(_ evidence: RunEvidence, _ profile: Profile) -> [Part] {
        let names = profile.judgedPhaseNames
        // The last row of a run is what is left of a second.
        let judged = evidence.rows.indices.filter { index in
            let begin = index > 0 ? evidence.rows[index - 1].timeSeconds : 0
            return evidence.rows[index].isIn(names)
                && evidence.rows[index].timeSeconds - begin > minimumRowSeconds
        }
        let size = judged.count / maximumParts + (judged.count % maximumParts == 0 ? 0 : 1)
        guard size > 0 else { return [] }
        var parts = [Part](repeating: Part(), count: judged.count / size)
        var partOfRow: [Int: Int] = [:]
        for (place, row) in judged.enumerated() where place / size < parts.count {
            partOfRow[row] = place / size
            for counts in evidence.rows[row].counts where names.contains(counts.phase) {
                parts[place / size].right += counts.outcomes[.ok] ?? 0
                parts[place / size].total += counts.outcomes.values.reduce(0, +)
            }
        }
        evidence.forEachInterval {
            $0.clock == .latency && !$0.isFailed && names.contains($0.phase)
        } body: { row, _, histogram in
            if let part = partOfRow[row] { parts[part].latency.add(histogram) }
        }
        return parts.allSatisfy { $0.total > 0 } ? parts : []
    }
}
