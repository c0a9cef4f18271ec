/// A stretch of time in which the target did not serve its requests, and between which bounds its
/// length is known; times are in seconds from the start of the load.
struct Outage: Equatable {
    /// When the first request was due that was not served in time.
    var firstBad: Double
    /// When the last request before it was well, by its due time or its answer.
    var lastGoodBefore: Double
    /// Until when it lasted at least: the last due time that was not served in time, or the answer
    /// that ended a silence.
    var lastBad: Double
    /// When the first request after it was well; `nil` if none was.
    var firstGoodAfter: Double?
    /// How much of the time up to `lastBad` the generator did not look.
    var blindSeconds = 0.0

    /// Its shortest possible length.
    var shortest: Double { max(0, lastBad - firstBad - blindSeconds) }
    /// Its longest possible length; `nil` if it did not end.
    var longest: Double? { firstGoodAfter.map { max($0 - lastGoodBefore, shortest) } }

    /// Puts outages together that are less than `gap` seconds apart, in order of time.
    static func joined(_ outages: [Outage], gap: Double) -> [Outage] {
        var result: [Outage] = []
        for next in outages.sorted(by: { $0.firstBad < $1.firstBad }) {
            guard let last = result.last,
                last.firstGoodAfter.map({ next.firstBad < $0 + gap }) ?? true
            else {
                result.append(next)
                continue
            }
            result[result.count - 1] = last.joined(with: next)
        }
        return result
    }

    private func joined(with next: Outage) -> Outage {
        var both = self
        both.lastGoodBefore = min(lastGoodBefore, next.lastGoodBefore)
        both.lastBad = max(lastBad, next.lastBad)
        both.firstGoodAfter = firstGoodAfter.flatMap { own in
            next.firstGoodAfter.map { max(own, $0) }
        }
        return both
    }
}
