import Evidence
import Measurements
import Statistics

extension OutageFinder {
    /// How long each fault of the run was recovered from, in order.
    func trials() -> [Outage] { faultTrials().filter { !$0.isSham }.map(\.recovered) }

    /// What each strike of the run did to requests, or that it did nothing, in order.
    ///
    /// A trial lasts until the next strike. Its recovery is counted from the strike or, of a fault
    /// that was held, from its end: the shortest from when a probe saw that, the longest from when
    /// it was about to be made. A trial in which requests go wrong until shortly before its end is
    /// one without recovery. What goes wrong no more often than before the first strike is none of
    /// the fault.
    /// - Source: statistics.md section 9.
    func faultTrials() -> [FaultTrial] {
        let readings = evidence.events.compactMap(\.fault)
        let strikes = readings.filter { $0.step == .struck && $0.beganSeconds != nil }
            .sorted { ($0.beganSeconds ?? 0) < ($1.beganSeconds ?? 0) }
        let damage = damage(before: strikes.first?.beganSeconds ?? end)
        return strikes.enumerated().map { index, strike in
            let undone = readings.first {
                $0.step == .undone && $0.fault == strike.fault && $0.trial == strike.trial
            }
            let next = index + 1 < strikes.count ? strikes[index + 1].beganSeconds : nil
            let window = (from: strike.beganSeconds ?? 0, to: min(next ?? end, end))
            return trial(strike, undone, window, damage.harm(in: window))
        }
    }

    /// What went wrong in the run, of which nothing had been struck before a time.
    private func damage(before first: Double) -> FaultDamage {
        let parts = lines.map { line in
            DueTenths(
                line.seconds,
                countsSlow: DueTenths.countsSlow(line.operation, line.seconds, profile))
        }
        let silences = zip(lines, parts).flatMap { self.silences(of: $0.operation, $1) }
        let start = spans.map(\.start).min() ?? 0
        return FaultDamage(
            due: DueTenths(together: parts), silences: silences, rate: rate, quiet: (start, first))
    }

    private func trial(
        _ strike: FaultReading, _ undone: FaultReading?, _ window: (from: Double, to: Double),
        _ harm: FaultDamage.Harm?
    ) -> FaultTrial {
        let began = strike.beganSeconds ?? window.from
        let seen = max(began, strike.seenSeconds ?? began)
        // It must have worked for a while before the next strike.
        let over = undone?.beganSeconds ?? began
        let latest = window.to - min(Self.holdSeconds, max(0, window.to - over) / 2)
        let fromStart = recovery(harm?.outage, from: strike, until: latest)
        let fromEnd = undone.map { recovery(harm?.outage, from: $0, until: latest) }
        let said = evidence.events.filter { event in
            event.kind == .system && event.timeSeconds >= began && event.timeSeconds < window.to
        }.map(\.timeSeconds).min()
        func detection(_ time: Double?) -> FaultTrial.Length? {
            time.map { FaultTrial.Length(lower: max(0, $0 - seen), upper: max(0, $0 - began)) }
        }
        return FaultTrial(
            fault: strike.fault, trial: strike.trial, kind: strike.kind, isSham: strike.isSham,
            struckSeconds: seen,
            detection: detection(harm?.outage.firstBad), systemDetection: detection(said),
            degraded: harm.map { FaultTrial.Length($0.outage) }, share: harm?.share ?? 0,
            failed: harm?.failed ?? 0, excessSeconds: harm?.excessSeconds ?? 0,
            recoveryFromStart: FaultTrial.Length(fromStart),
            recoveryFromEnd: fromEnd.map(FaultTrial.Length.init),
            windowSeconds: max(0, window.to - seen), recovered: fromEnd ?? fromStart)
    }

    /// From the strike or the end of a fault to the end of its damage, if that came in time.
    private func recovery(
        _ damage: Outage?, from reference: FaultReading, until latest: Double
    ) -> Outage {
        let began = reference.beganSeconds ?? 0
        let seen = max(began, reference.seenSeconds ?? began)
        var result = Outage(firstBad: seen, lastGoodBefore: began, lastBad: seen)
        result.firstGoodAfter = seen
        guard let damage, damage.firstGoodAfter.map({ $0 > began }) ?? true else { return result }
        result.lastBad = max(seen, damage.lastBad)
        let recovered = damage.firstGoodAfter.flatMap { $0 <= latest ? $0 : nil }
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
