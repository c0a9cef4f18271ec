import Evidence
import Histograms
import Measurements
import Profiles
import Statistics

/// Finds the outages of a run by the stamps of its requests: silences, in which nothing was
/// answered, and stretches in which at least half of what was due failed.
///
/// - Source: statistics.md section 9.
struct OutageFinder {
    let evidence: RunEvidence
    let profile: Profile
    /// The shortest outage, in seconds; less is a hiccup.
    private let shortest: Double
    /// The judged phases that the objective is about, by name and in seconds.
    private let phases: Set<String>
    let spans: [(start: Double, end: Double)]
    /// The lines of each operation, in order of its name.
    let lines: [(operation: String, seconds: [DueSecond])]

    /// For so long after an outage the target must be as it was before.
    static let holdSeconds = 10.0
    /// No failing stretch by chance in a run, but for one in so many.
    static let chance = 0.01
    /// Failing stretches that are no further apart are one.
    private static let gapSeconds = 0.25
    /// A silence is no outage before it is as long as so many usual answers, or usual times
    /// between requests.
    private static let usualAnswers = 10.0
    private static let usualRequests = 3.0

    /// What `objective` is about, whose limit is in seconds.
    init(_ objective: Objective, limit: Double, _ evidence: RunEvidence, _ profile: Profile) {
        self.evidence = evidence
        self.profile = profile
        shortest = min(0.5, limit / 2)
        let phases = Set(profile.load.filter(objective.isAbout).map(\.name))
        self.phases = phases
        spans = zip(profile.load, profile.spans).filter { objective.isAbout($0.0) }
            .map { (Double($0.1.start) / 1e9, Double($0.1.end) / 1e9) }
        let meant = evidence.due.filter {
            phases.contains($0.phase)
                && (objective.operation == nil || objective.operation == $0.operation)
        }
        lines = Dictionary(grouping: meant, by: \.operation).sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// When the last judged phase, or the load, ended.
    var end: Double {
        min(spans.map(\.end).max() ?? 0, evidence.rows.last?.timeSeconds ?? 0)
    }

    /// The outages in order; those less than 10 s apart are one, since the target had not
    /// recovered.
    func outages() -> [Outage] {
        var found: [Outage] = []
        for (operation, seconds) in lines {
            let countsSlow = DueTenths.countsSlow(operation, seconds, profile)
            let tenths = DueTenths(seconds, countsSlow: countsSlow)
            found += failing(tenths) + silences(of: operation, tenths)
        }
        // Time in which nobody looked is part of an outage that it touches, and none by itself.
        let real = Outage.joined(found, gap: Self.gapSeconds).map(withBlindTime)
            .filter { $0.shortest >= shortest }
        let outages = Outage.joined(real, gap: Self.holdSeconds)
        let aftermath = Aftermath(lines.flatMap(\.seconds), end: end)
        return Outage.joined(aftermath.extended(outages), gap: 0).map(withBlindTime)
    }

    private func withBlindTime(_ outage: Outage) -> Outage {
        var outage = outage
        outage.blindSeconds = evidence.blindSeconds(from: outage.firstBad, to: outage.lastBad)
        return outage
    }

    // MARK: Failing stretches

    private func failing(_ tenths: DueTenths) -> [Outage] {
        let runs = tenths.runs
        let elsewhere = tenths.total - runs.reduce(0) { $0 + $1.total }
        let background = tenths.bad - runs.reduce(0) { $0 + $1.bad }
        // As if half a request more had failed: that none did does not prove that none ever does.
        let share = (Double(background) + 0.5) / (Double(elsewhere) + 1)
        let start = spans.map(\.start).min() ?? 0
        let real = runs.filter { run in
            let byChance = Binomial.atLeast(
                run.bad, trials: run.total, probability: min(1, share))
            return elsewhere == 0 || byChance * Double(tenths.total) < Self.chance
        }
        return Outage.joined(
            real.map { tenths.outage($0, start: start) }, gap: Self.gapSeconds)
    }

    // MARK: Silences

    func silences(of operation: String, _ tenths: DueTenths) -> [Outage] {
        let candidates = evidence.silences(of: operation).compactMap(outage).filter {
            $0.shortest >= shortest
        }
        let judged = spans.reduce(0) { $0 + $1.end - $1.start }
        guard !candidates.isEmpty, tenths.total > 0, judged > 0 else { return [] }
        let usual = max(
            Self.usualAnswers * usualLatency(of: operation),
            Self.usualRequests * judged / Double(tenths.total))
        return candidates.filter { $0.shortest >= usual }
    }

    /// The part of a silence that hit requests of judged phases; `nil` if none did.
    private func outage(_ silence: Silence) -> Outage? {
        func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
        guard let due = silence.dueNanoseconds.map(seconds),
            let last = (silence.toNanoseconds ?? silence.lastNanoseconds).map(seconds),
            let span = spans.first(where: { due < $0.end && last > $0.start })
        else { return nil }
        return Outage(
            firstBad: max(due, span.start),
            lastGoodBefore: max(seconds(silence.fromNanoseconds), span.start), lastBad: last,
            firstGoodAfter: silence.toNanoseconds.map(seconds))
    }

    /// How long the operation usually takes in seconds: the median over the seconds of the run of
    /// the median of what was answered in each, which an outage, where little is, does not move.
    private func usualLatency(of operation: String) -> Double {
        var medians: [UInt64] = []
        evidence.forEachInterval {
            $0.clock == .latency && !$0.isFailed && $0.operation == operation
                && phases.contains($0.phase)
        } body: { _, _, histogram in
            if let median = histogram.value(atQuantilePartsPerMillion: 500_000) {
                medians.append(median)
            }
        }
        medians.sort()
        return medians.isEmpty ? 0 : Double(medians[(medians.count - 1) / 2]) / 1e9
    }
}
