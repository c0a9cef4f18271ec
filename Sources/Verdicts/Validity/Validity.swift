import Evidence
import Histograms
import Measurements
import Profiles
import Statistics

/// What the generator did wrong, by the limits of statistics.md section 3.
struct Validity {
    let evidence: RunEvidence
    let profile: Profile

    static let minimumSentShare = 0.99
    static let maximumBusy = 0.85
    static let maximumSteal = 0.01

    func findings() -> [RunVerdict.Finding] {
        // First what voids most.
        [
            damage(), target(), stuck(), clock(), suspension(), ending(), gap(), cutLines(),
            samples(), dropped(), overBudget(), rate(), lag(), busy(), steal(), faults(),
        ].compactMap { $0 }
    }

    var judged: [SeriesRow] {
        let names = profile.judgedPhaseNames
        return evidence.rows.filter { $0.isIn(names) }
    }

    /// A load that got no answer is no measurement of a target.
    private func target() -> RunVerdict.Finding? {
        if let event = evidence.events.first(where: { $0.kind == .target }) {
            return void(
                "\(event.detail); see that it runs there, or name another with --target URL.")
        }
        // The load begins only after a first answer.
        let outcomes = evidence.outcomes { _, _ in true }
        guard !outcomes.contains(where: { $0.key.wasAnswered }) else { return nil }
        let counts = outcomes.filter { $0.value > 0 }
            .sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
        let kinds = counts.map { "\(Figure.whole($0.value)) \($0.key.rawValue)" }
        let total = counts.reduce(0) { $0 + $1.value }
        let load =
            total == 0
            ? "and then the run had no request"
            : "and then none of \(Figure.whole(total)) requests (\(kinds.joined(separator: ", ")))"
        return void(
            "the target answered before the load, \(load): it was lost as the load began; check "
                + "that it runs and what it logs.")
    }

    private func rate() -> RunVerdict.Finding? {
        let planned = evidence.rows.reduce(0) { $0 + $1.planned }
        // A dropped arrival was on schedule; `dropped()` decides whose fault it is.
        let fired = evidence.rows.reduce(0) { $0 + $1.started + $1.dropped }
        guard planned > 0, hasOpenPhase, Double(fired) < Self.minimumSentShare * Double(planned)
        else {
            return nil
        }
        let share = Figure.percent(
            Double(fired) / Double(planned), apartFrom: Self.minimumSentShare)
        return RunVerdict.Finding(
            sentence:
                "the generator started \(Figure.whole(fired)) of \(Figure.whole(planned)) "
                + "planned arrivals, \(share); what was not sent counts as failed; use more "
                + "--threads, more data, or a lower rate.",
            reach: .unsent)
    }

    private var hasOpenPhase: Bool {
        profile.load.contains(where: \.model.isOpen)
    }

    /// Arrivals at the in-flight cap: the target's doing where the cap is twice what the
    /// objective's
    /// latency would need, else the profile's.
    private func dropped() -> RunVerdict.Finding? {
        let dropped = evidence.rows.reduce(0) { $0 + $1.dropped }
        guard dropped > 0 else { return nil }
        let needed = 2 * highestRate * (tightestSeconds ?? 0.1)
        if Double(profile.limits.inFlight) >= needed { return nil }
        return RunVerdict.Finding(
            sentence: "\(Figure.whole(dropped)) arrivals were dropped at the cap of "
                + "\(Figure.whole(profile.limits.inFlight)) in flight, which is too low for "
                + "this rate even if the target meets its objectives; raise limits: in flight to "
                + "\(Figure.whole(Int(clamping: needed.rounded(.up)))).", reach: .unlessFail)
    }

    /// Answers that the run's own memory had no room for.
    private func overBudget() -> RunVerdict.Finding? {
        let count = evidence.outcomes { _, _ in true }[.overBudget] ?? 0
        guard count > 0 else { return nil }
        return RunVerdict.Finding(
            sentence: "\(Figure.whole(count)) answers had no room in the run's memory of "
                + "\(Figure.bytes(UInt64(profile.limits.memoryBytes))); raise limits: memory, "
                + "check less of the bodies, or use a lower rate.", reach: .unlessFail)
    }

    /// Outcomes caused by the profile's own limits; no FAIL rests on them.
    ///
    /// Those are arrivals that were dropped although even a good target would have had as many in
    /// flight, and answers that were not held.
    var ownFailures: [Outcome] {
        dropped() == nil ? [.overBudget] : [.dropped, .overBudget]
    }

    private var highestRate: Double {
        profile.load.compactMap { $0.model.highestRate?.perSecond }.max() ?? 0
    }

    private var tightestSeconds: Double? {
        profile.objectives.compactMap { objective in
            guard let threshold = objective.thresholdNanoseconds else { return nil }
            return Double(threshold) / 1e9
        }.min()
    }

    private func lag() -> RunVerdict.Finding? {
        let names = profile.judgedPhaseNames
        let lag = evidence.histogram(.lag) { phase, _ in names.contains(phase) }
        guard let p99 = lag.value(atQuantilePartsPerMillion: 990_000) else { return nil }
        let allowed = Self.allowedLagNanoseconds(profile)
        guard p99 > allowed else { return nil }
        return voidFail(
            "lag p(99) is \(Figure.time(p99, apartFrom: allowed)) (allowed "
                + "\(Figure.time(allowed))): requests went "
                + "out late because of the generator; use more --threads, or an idle machine.")
    }

    /// The limit on lag p(99): the profile's, else the larger of 1 ms and a tenth of the tightest
    /// target.
    static func allowedLagNanoseconds(_ profile: Profile) -> UInt64 {
        if let own = profile.limits.lagP99 { return own.nanoseconds }
        let targets = profile.objectives.compactMap { objective -> UInt64? in
            guard let threshold = objective.thresholdNanoseconds else { return nil }
            return threshold
        }
        return max(1_000_000, (targets.min() ?? 0) / 10)
    }

    private func busy() -> RunVerdict.Finding? {
        let rows = judged
        guard !rows.isEmpty else { return nil }
        let mean = rows.reduce(0) { $0 + $1.busiestLoop } / Double(rows.count)
        guard mean > Self.maximumBusy, hasOpenPhase else { return nil }
        return voidFail(
            "the busiest generator thread was busy "
                + "\(Figure.percent(mean, apartFrom: Self.maximumBusy)) of the time (allowed "
                + "85 %); use more --threads.")
    }

    private func steal() -> RunVerdict.Finding? {
        let rows = judged
        guard !rows.isEmpty else { return nil }
        let mean = rows.reduce(0) { $0 + $1.steal } / Double(rows.count)
        guard mean > Self.maximumSteal else { return nil }
        return voidFail(
            "the host took \(Figure.percent(mean, apartFrom: Self.maximumSteal)) of the CPU time "
                + "away (allowed 1 %); use a quieter machine."
        )
    }

    func void(_ sentence: String) -> RunVerdict.Finding {
        RunVerdict.Finding(sentence: sentence, reach: .everything)
    }

    private func voidFail(_ sentence: String) -> RunVerdict.Finding {
        RunVerdict.Finding(sentence: sentence, reach: .failsOfTime)
    }
}
