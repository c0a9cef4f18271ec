import Evidence
import Measurements
import Statistics

extension OutageFinder {
    /// What each fault of the run did to requests, or that it did nothing, in order.
    ///
    /// A trial lasts until the next strike. Its recovery is counted from the strike or, of a fault
    /// that was held, from its end: the shortest from when a probe saw that, the longest from when
    /// it was about to be made. A trial in which requests go wrong until shortly before its end is
    /// one without recovery. What goes wrong no more often than before the first strike is none of
    /// the fault.
    /// - Source: statistics.md section 9.
    func trials() -> [Outage] {
        let readings = evidence.events.compactMap(\.fault)
        let strikes = readings.filter { $0.step == .struck && $0.beganSeconds != nil }
            .sorted { ($0.beganSeconds ?? 0) < ($1.beganSeconds ?? 0) }
        let parts = lines.map { line in
            DueTenths(
                line.seconds,
                countsSlow: DueTenths.countsSlow(line.operation, line.seconds, profile))
        }
        let silences = zip(lines, parts).flatMap { self.silences(of: $0.operation, $1) }
        let start = spans.map(\.start).min() ?? 0
        let damage = FaultDamage(
            due: DueTenths(together: parts), silences: silences, rate: rate,
            quiet: (start, strikes.first?.beganSeconds ?? end))
        return strikes.enumerated().map { index, strike in
            let undone = readings.first {
                $0.step == .undone && $0.fault == strike.fault && $0.trial == strike.trial
            }
            let next = index + 1 < strikes.count ? strikes[index + 1].beganSeconds : nil
            let window = (from: strike.beganSeconds ?? 0, to: min(next ?? end, end))
            return recovery(damage.outage(in: window), from: undone ?? strike, window)
        }
    }

    /// From the end of the fault to the end of its damage.
    private func recovery(
        _ damage: Outage?, from reference: FaultReading, _ window: (from: Double, to: Double)
    ) -> Outage {
        let began = reference.beganSeconds ?? window.from
        let seen = max(began, reference.seenSeconds ?? began)
        var result = Outage(firstBad: seen, lastGoodBefore: began, lastBad: seen)
        result.firstGoodAfter = seen
        guard let damage, damage.firstGoodAfter.map({ $0 > began }) ?? true else { return result }
        result.lastBad = max(seen, damage.lastBad)
        // It must have worked for a while before the next strike.
        let dwell = min(Self.holdSeconds, max(0, window.to - began) / 2)
        let recovered = damage.firstGoodAfter.flatMap { $0 + dwell <= window.to ? $0 : nil }
        result.firstGoodAfter = recovered.map { max($0, seen) }
        return result
    }

    /// Requests due a second.
    private var rate: Double {
        let seconds = spans.reduce(0) { $0 + $1.end - $1.start }
        let total = lines.reduce(0) { $0 + $1.seconds.reduce(0) { $0 + $1.total } }
        return seconds > 0 ? Double(total) / seconds : 0
    }
}
