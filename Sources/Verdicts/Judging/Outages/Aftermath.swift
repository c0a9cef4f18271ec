import Measurements
import Statistics

/// Whether the target was as before once an outage was over, or went on failing in part.
///
/// The failing share of what was due in the 10 s after it is held against that of all the time
/// before. It was worse where chance does not explain it and half a second's worth of requests
/// failed beyond it; then the outage lasts until a second that is as before.
struct Aftermath {
    private struct Second {
        var total = 0
        var failed = 0
        /// When the last of them was due that failed.
        var lastFailed: Double?
    }

    private var seconds: [Int: Second] = [:]
    private let end: Double

    private static let chance = 0.001
    private static let worthSeconds = 0.5
    /// A second is worse than before by so much at least.
    private static let minimumExcess = 0.05

    /// What was due in each second, of all operations; the load ended at `end`.
    init(_ lines: [DueSecond], end: Double) {
        self.end = end
        for line in lines {
            var second = seconds[line.second] ?? Second()
            second.total += line.total
            second.failed += line.failed
            let last = (line.slots ?? []).last { $0.failed > 0 }?.lastBadNanoseconds
            if let last { second.lastFailed = max(second.lastFailed ?? 0, Double(last) / 1e9) }
            seconds[line.second] = second
        }
    }

    /// The outages with what followed each of them.
    func extended(_ outages: [Outage]) -> [Outage] {
        outages.indices.map { index in
            let next = index + 1 < outages.count ? outages[index + 1].firstBad : end
            let previous = index > 0 ? outages[index - 1].firstGoodAfter ?? 0 : 0
            return extended(outages[index], from: previous, to: next)
        }
    }

    private func extended(_ outage: Outage, from previous: Double, to next: Double) -> Outage {
        guard let recovered = outage.firstGoodAfter else { return outage }
        let before = sum(Int(clamping: previous.rounded(.up)), Int(clamping: outage.firstBad))
        let first = Int(clamping: recovered.rounded(.up))
        let last = Int(clamping: min(next, recovered + OutageFinder.holdSeconds))
        guard before.total > 0, last > first, isWorse(sum(first, last), last - first, than: before)
        else { return outage }
        var result = outage
        var second = first
        // One second that is as before does not end it.
        while second < Int(clamping: next),
            isWorse(second, than: before) || isWorse(second + 1, than: before)
        {
            if let time = seconds[second]?.lastFailed { result.lastBad = max(result.lastBad, time) }
            second += 1
        }
        result.firstGoodAfter = second >= Int(clamping: end) ? nil : Double(second)
        return result
    }

    private func sum(_ first: Int, _ end: Int) -> Second {
        var sum = Second()
        for second in first..<max(first, end) {
            sum.total += seconds[second]?.total ?? 0
            sum.failed += seconds[second]?.failed ?? 0
        }
        return sum
    }

    private func isWorse(_ after: Second, _ length: Int, than before: Second) -> Bool {
        guard after.total > 0 else { return false }
        let share = Double(before.failed) / Double(before.total)
        let excess = Double(after.failed) / Double(after.total) - share
        guard excess * Double(length) >= Self.worthSeconds else { return false }
        // Of all that failed, so many fell into the time after by chance.
        return Binomial.atLeast(
            after.failed, trials: before.failed + after.failed,
            probability: Double(after.total) / Double(before.total + after.total)) < Self.chance
    }

    private func isWorse(_ second: Int, than before: Second) -> Bool {
        guard let after = seconds[second], after.total > 0 else { return false }
        let share = (Double(before.failed) + 0.5) / (Double(before.total) + 1)
        return Double(after.failed) / Double(after.total) >= share + Self.minimumExcess
            && Binomial.atLeast(after.failed, trials: after.total, probability: share) < 0.01
    }
}
