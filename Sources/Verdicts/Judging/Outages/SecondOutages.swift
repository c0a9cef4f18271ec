import Statistics

/// Finds the outages of a run whose evidence has requests by the second that they ended in alone.
///
/// An outage begins with a failed request. A good request is taken to have been due at the end of
/// its second, so that no outage is called shorter than it was.
struct SecondOutages {
    let sample: ObjectiveSample

    /// More outages than these are not looked at one by one.
    private static let maximumOutages = 10_000

    /// The outages in order.
    func outages() -> [Outage] {
        let end = sample.seconds.last?.end ?? 0
        var outages: [Outage] = []
        var rest = requests()[...]
        while outages.count < Self.maximumOutages,
            let first = rest.firstIndex(where: { !$0.isGood })
        {
            // Counted from the last request that was good, which is the earliest it can be.
            let before = rest[..<first].last?.due ?? sample.seconds.first?.start ?? 0
            let recovery = Recovery(
                Array(rest[first...]),
                after: Recovery.Fault(
                    injected: before, hold: OutageFinder.holdSeconds, end: max(end, before)))
            let begin = recovery.firstFailure ?? before
            outages.append(
                Outage(
                    firstBad: begin, lastGoodBefore: before,
                    lastBad: begin + recovery.shortestOutage,
                    firstGoodAfter: recovery.recoveredAt))
            guard let recovered = recovery.recoveredAt else { break }
            rest = rest[first...].drop { $0.due < recovered || !$0.isGood }
        }
        return outages
    }

    /// Failed requests when they were due, or else at both ends of their second; good ones at the
    /// end of theirs.
    private func requests() -> [Recovery.Request] {
        var requests = (sample.failureTimes ?? []).map { Recovery.Request(due: $0, isGood: false) }
        for second in sample.seconds {
            if second.total > second.failures {
                requests.append(Recovery.Request(due: second.end, isGood: true))
            }
            if sample.failureTimes == nil, second.failures > 0 {
                requests.append(Recovery.Request(due: second.start, isGood: false))
                requests.append(Recovery.Request(due: second.end, isGood: false))
            }
        }
        // Of equal times the good one first: what failed then, failed after it.
        return requests.sorted { ($0.due, $0.isGood ? 0 : 1) < ($1.due, $1.isGood ? 0 : 1) }
    }
}
