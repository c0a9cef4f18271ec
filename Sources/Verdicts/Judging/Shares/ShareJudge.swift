import Profiles
import Statistics

/// Decides on a share of requests: what happened in this run, and what another would show.
///
/// - Source: statistics.md, "What a verdict means".
struct ShareJudge {
    /// What counts, second by second: the same requests by the edge that is on the target's side
    /// and by the one that is against it.
    struct Counted {
        /// The least that counts: what a FAIL has to rest on.
        var least: [Proportion]
        /// The most that counts: what a PASS has to hold for.
        var most: [Proportion]
    }

    let objective: Objective
    let limit: Double
    let confidence: Double
    let sample: ObjectiveSample
    /// The test of what counts at most.
    let test: ShareTest
    /// The test of what counts at least.
    private let failing: ShareTest
    let facts: ShareFacts
    let spells: Spells
    let missed: Missed
    /// Whether the run was, or would have been, stopped for it by its blocks of time.
    var isBrokenByBlocks = false

    init(
        _ objective: Objective, judge: Judge, sample: ObjectiveSample, limit: Double,
        counted: Counted, episodes: ErrorEpisodes? = nil
    ) {
        let confidence = judge.confidence(of: objective)
        let missed = judge.missed(sample, objective)
        self.objective = objective
        self.limit = limit
        self.confidence = confidence
        self.sample = sample
        self.missed = missed
        let dependence = sample.dependence.flatMap { dependence in
            let bound = objective.thresholdNanoseconds.map { Double($0) } ?? 0
            return dependence.canReach(bound, share: limit, confidence: confidence)
                ? dependence : nil
        }
        func test(_ seconds: [Proportion]) -> ShareTest {
            ShareTest(
                perSecond: seconds, limit: limit, episodes: episodes, dependence: dependence)
        }
        let most = test(counted.most)
        self.test = most
        failing = counted.least == counted.most ? most : test(counted.least)
        let cells = zip(sample.seconds, counted.least).map { second, count in
            FailingStretches.Cell(
                start: second.start, end: second.end, total: count.total, failed: count.count)
        }
        facts = ShareFacts(
            cells, fine: sample.fineCells, limit: limit, confidence: confidence,
            unsent: missed.unsent, times: sample.badTimes)
        spells = Spells(
            cells: cells, limit: limit, confidence: confidence,
            declaredSeconds: judge.profile.bursts?.inSeconds)
    }

    /// How likely so large a share is if the true one is the limit; 0 if what happened is a FAIL
    /// without inference.
    var failProbability: Double {
        facts.rule != nil || isBrokenByBlocks ? 0 : failing.failProbability
    }

    /// With `abort` the watch has half of what a FAIL may err.
    private func failing(at confidence: Double) -> Double {
        objective.aborts ? 1 - (1 - confidence) / 2 : confidence
    }

    /// The rule that a FAIL rests on; `nil` if it is none.
    var failRule: RunVerdict.OfObjective.FailRule? {
        switch facts.rule {
        case .share: .share
        case .outage: .outage
        case .change: .change
        case nil:
            !facts.isKept
                && (isBrokenByBlocks
                    || failing.verdict(confidence: failing(at: confidence)) == .fail)
                ? .inference : nil
        }
    }

    /// Whether everything but what the generator missed lets it PASS.
    private var wouldPass: Bool {
        Double(test.seen.count) <= limit * Double(test.seen.total)
            && test.verdict(confidence: confidence) == .pass && spells.areCovered
    }

    /// What another run would show at most, with what the generator missed counted as failed.
    var worstUpperBound: Double? {
        test.upperBound(confidence: confidence).map {
            min(1, $0 + missed.share(of: test.seen.total))
        }
    }

    /// Whether the run missed its limit by what the generator may have caused while it did not
    /// look.
    var isMissedBlindly: Bool {
        missed.blindSeconds > 0 && facts.isKept
            && Double(test.seen.count) > limit * Double(test.seen.total)
    }

    /// The verdict; INVALID only if it would PASS but for what the generator missed.
    var verdict: RunVerdict.Word {
        if failRule != nil { return .fail }
        if isMissedBlindly { return .invalid }
        guard wouldPass else { return .inconclusive }
        return worstUpperBound ?? 1 <= limit ? .pass : .invalid
    }
}

/// What the generator left out: nobody knows how it would have gone.
struct Missed: Equatable {
    /// Requests that were due while the generator did not look.
    var unseen = 0
    /// Seconds of the judged phases in which it did not look.
    var blindSeconds = 0.0
    /// Requests that were never sent, for want of time or of data.
    var unsent = 0
    /// Those of them for want of data.
    var unfed = 0

    /// All of them as a share of so many requests that were sent.
    func share(of total: Int) -> Double {
        Double(unseen + unsent) / Double(max(1, total + unsent))
    }
}

/// Spells of failures or slowness: those that a run has shown, and those that it could not show.
struct Spells: Equatable {
    /// How many were seen.
    let count: Int
    /// The longest spell that the limit holds for, in seconds: a longer one might have been missed
    /// by chance.
    let longestSeconds: Double
    /// Spells rarer than one in so many seconds would not have been seen.
    let rarestSeconds: Double
    /// The spell that the profile declares, in seconds; `nil` if it declares none.
    let declaredSeconds: Double?
    /// Whether the limit holds with as many spells of the declared length as may have been missed;
    /// true if none is declared.
    let areCovered: Bool

    init(
        cells: [FailingStretches.Cell], limit: Double, confidence: Double,
        declaredSeconds: Double?
    ) {
        let seconds = cells.reduce(0) { $0 + $1.end - $1.start }
        let total = cells.reduce(0) { $0 + $1.total }
        let perSecond = seconds > 0 ? Double(total) / seconds : 0
        // A spell fills at least half of what is declared, or is an outage.
        let least = min(0.5, (declaredSeconds ?? 1) / 2) * perSecond
        var sizes: [Int] = []
        var size = 0
        for cell in cells {
            if cell.failed > 0, cell.failed * 2 >= cell.total {
                size += cell.failed
            } else if cell.total > 0 {
                if Double(size) >= least, size > 0 { sizes.append(size) }
                size = 0
            }
        }
        if Double(size) >= least, size > 0 { sizes.append(size) }
        count = sizes.count
        self.declaredSeconds = declaredSeconds
        let most = PoissonDistribution.upperBound(count: count, confidence: confidence)
        longestSeconds = limit * seconds / most
        rarestSeconds = seconds / most
        guard let declaredSeconds, perSecond > 0 else {
            areCovered = declaredSeconds == nil
            return
        }
        let longest = max(declaredSeconds, Double(sizes.max() ?? 0) / perSecond)
        let others = cells.reduce(0) { $0 + $1.failed } - sizes.reduce(0, +)
        let background =
            Proportion(max(0, others), of: total).upperBound(confidence: confidence) ?? 1
        let spare = others > 0 ? background : 0
        areCovered = spare + most * longest / seconds <= limit
    }
}
