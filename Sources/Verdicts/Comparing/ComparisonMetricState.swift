import Statistics

/// A metric between looks; once it has a word it keeps it.
struct MetricState {
    /// What one look finds.
    struct Estimate {
        var rounds: Int
        var alpha: Double
        var ratio: RatioEstimate?
        /// The chance of it if the candidate were no worse.
        var worse: Double
        /// The chance of it if the candidate were no better.
        var better: Double
        /// The chance of it if the candidate were worse by the margin and no more.
        var worseByMargin: Double
    }

    let metric: ComparisonMetric
    let decides: Bool
    let baseline: [Double]
    let candidate: [Double]
    /// Whether a drift of the machine falls on both sides alike.
    let isTimeMixed: Bool
    /// One step of the metric's reading; `nil` if it is not read in steps.
    let resolution: Double?
    private(set) var word = Comparison.Word.inconclusive
    private var claim = Comparison.Claim.nothing
    private var last: Estimate?

    init(
        metric: ComparisonMetric, decides: Bool, baseline: [Double], candidate: [Double],
        isTimeMixed: Bool = true, resolution: Double? = nil
    ) {
        self.isTimeMixed = isTimeMixed
        self.resolution = resolution
        self.metric = metric
        self.decides = decides
        self.baseline = baseline
        self.candidate = candidate
    }

    private func series(_ values: [Double], _ rounds: Int?) -> Series? {
        try? Series(values.prefix(rounds ?? values.count).map { metric.scale($0) })
    }

    /// What the first `rounds` values say at a level, or all of them.
    func estimate(_ rounds: Int?, alpha: Double, _ rule: ComparisonRule) -> Estimate {
        var estimate = Estimate(
            rounds: rounds ?? min(baseline.count, candidate.count), alpha: alpha, ratio: nil,
            worse: 1, better: 1, worseByMargin: 1)
        guard let a = series(baseline, rounds), let b = series(candidate, rounds) else {
            return estimate
        }
        let confidence = 1 - alpha
        let margin = Double.log(1 + metric.ratioMargin(rule))
        switch rule.design {
        case .paired:
            estimate.ratio =
                (try? RatioEstimate.paired(baseline: a, candidate: b, confidence: confidence))
                ?? nil
            estimate.worse = Self.signedRank(a, b)
            estimate.better = Self.signedRank(b, a)
            estimate.worseByMargin = Self.signedRank(a, b, beyond: margin)
        case .unpaired:
            estimate.ratio =
                (try? RatioEstimate.unpaired(baseline: a, candidate: b, confidence: confidence))
                ?? nil
            estimate.worse = Self.rankSum(a, b)
            estimate.better = Self.rankSum(b, a)
            let moved = a.values.map { $0 * (1 + metric.ratioMargin(rule)) }
            estimate.worseByMargin = (try? Series(moved)).map { Self.rankSum($0, b) } ?? 1
        }
        estimate.ratio = estimate.ratio?.widened(by: stepFactor)
        return estimate
    }

    /// By what factor the steps of the reading may move a ratio; 1 where it has none.
    private var stepFactor: Double {
        guard let resolution else { return 1 }
        let least = min(Self.median(baseline, nil), Self.median(candidate, nil))
        return metric.factor(ofStep: resolution, near: least)
    }

    /// The chance of differences like these if b were larger by the factor of logarithm `shift`.
    private static func signedRank(
        _ a: Series, _ b: Series, beyond shift: Double = 0
    ) -> Double {
        let differences = zip(a.values, b.values).map { Double.log($1) - Double.log($0) - shift }
        guard let series = try? Series(differences) else { return 1 }
        return SignedRank(series)?.p ?? 1
    }

    private static func rankSum(_ a: Series, _ b: Series) -> Double {
        guard let test = RankSum(baseline: a, candidate: b) else { return 1 }
        return test.exactGreater ?? test.approximateGreater ?? 1
    }

    /// Takes a look's findings, their chances corrected for the number of metrics.
    mutating func take(_ estimate: Estimate, _ rule: ComparisonRule) {
        last = estimate
        guard stepFactor < 1 + metric.ratioMargin(rule) else {
            (word, claim) = (.inconclusive, .notJudged)
            return
        }
        guard let ratio = estimate.ratio else { return }
        claim = Self.claim(ratio, estimate, margin: metric.ratioMargin(rule))
        word =
            switch claim {
            // What the machine's drift could have done is not said of the build.
            case .better: isTimeMixed ? .improved : .same
            case .notWorse: .same
            case .worse, .worseByMargin: isTimeMixed ? .regressed : .inconclusive
            case .nothing, .notJudged: .inconclusive
            }
    }

    private static func claim(
        _ ratio: RatioEstimate, _ estimate: Estimate, margin: Double
    ) -> Comparison.Claim {
        switch Regression.word(ratio, margin: margin) {
        case .improved: return estimate.better <= estimate.alpha ? .better : .notWorse
        case .same: return .notWorse
        case .regressed:
            guard estimate.worse <= estimate.alpha else { return .nothing }
            let isBeyond = ratio.lower.map { $0 >= 1 + margin } ?? false
            return isBeyond && estimate.worseByMargin <= estimate.alpha ? .worseByMargin : .worse
        case .inconclusive: return .nothing
        }
    }

    // MARK: The result

    /// The metric with its figures; of `allRounds` where there was no look.
    func result(_ rule: ComparisonRule, allRounds: Int) -> Comparison.OfMetric {
        let found = last ?? estimate(allRounds, alpha: 1 - rule.confidence, rule)
        // Bounds without a look would be a look.
        let ratio = found.ratio
        let (lower, upper) = last == nil ? (nil, nil) : (ratio?.lower, ratio?.upper)
        let isPaired = rule.design == .paired
        let levels = levels(ratio?.ratio ?? 1, isPaired ? found.rounds : nil)
        var result = Comparison.OfMetric(
            metric: metric.name, decides: decides, word: word, claim: claim,
            baseline: levels.baseline, candidate: levels.candidate,
            effect: metric.effect(ratio?.ratio ?? 1), lower: lower.map(metric.effect),
            upper: upper.map(metric.effect),
            boundConfidence: 1 - found.alpha, adjustedP: found.worse,
            permutationP: isPaired ? nil : permutation(),
            smallestSeen: smallestSeen(ratio, lower, found.alpha, rule), rounds: found.rounds,
            resolution: resolution, variation: variation(rule),
            isEquivalent: isEquivalent(ratio, rule), sentence: "")
        result.sentence = ComparisonSentence(metric: metric, result: result, rule: rule).text
        return result
    }

    /// Levels of both sides that differ by the effect: the medians, each moved by half of what
    /// their own difference lacks, so that a table never contradicts its own ratio.
    private func levels(_ ratio: Double, _ rounds: Int?) -> (baseline: Double, candidate: Double) {
        let a = Self.median(baseline, rounds)
        let b = Self.median(candidate, rounds)
        let (from, to) = (Double.log(metric.scale(a)), Double.log(metric.scale(b)))
        let lack = (Double.log(ratio) - (to - from)) / 2
        guard lack.isFinite, lack.magnitude > 1e-9 else { return (a, b) }
        // A share of errors has its end at 0; the other side takes the rest.
        let rest = metric == .errorRate ? max(0, lack - from, -lack - to) : 0
        return (
            metric.value(ofLogarithm: from - lack + rest),
            metric.value(ofLogarithm: to + lack + rest)
        )
    }

    private static func median(_ values: [Double], _ rounds: Int?) -> Double {
        (try? Series(Array(values.prefix(rounds ?? values.count))))?.median ?? 0
    }

    private func isEquivalent(_ ratio: RatioEstimate?, _ rule: ComparisonRule) -> Bool {
        guard word == .same, let lower = ratio?.lower else { return false }
        return lower > 1 / (1 + metric.ratioMargin(rule))
    }

    private func permutation() -> Double? {
        guard let a = series(baseline, nil), let b = series(candidate, nil) else { return nil }
        return ((try? PermutationTest(baseline: a, candidate: b)) ?? nil)?.p
    }

    /// By how much the candidate would have had to be worse, to be found so four times of five.
    ///
    /// The bound lies its distance below the estimate at the level's quantile; four times of five
    /// takes the quantile of 80 % more. It is never below the margin, which the estimate must
    /// reach.
    private func smallestSeen(
        _ ratio: RatioEstimate?, _ lower: Double?, _ alpha: Double, _ rule: ComparisonRule
    ) -> Double? {
        guard let ratio = ratio?.ratio, let lower, lower > 0 else { return nil }
        let share = 1 + NormalDistribution.quantile(0.8) / NormalDistribution.quantile(1 - alpha)
        let distance = Double.exp(Double.log(ratio / lower) * share)
        let least = max(distance, 1 + metric.ratioMargin(rule))
        return metric.isDifference ? metric.effect(least) : least - 1
    }

    /// How much one build's values differ by themselves; of pairs, what the pairing leaves.
    ///
    /// `nil` for growth, whose mean is near 0.
    private func variation(_ rule: ComparisonRule) -> Double? {
        guard metric != .growth else { return nil }
        switch rule.design {
        case .paired:
            guard let a = series(baseline, nil), let b = series(candidate, nil),
                let ratios = try? Series(zip(a.values, b.values).map { $1 / $0 }),
                let found = (try? RunVariation(ratios)) ?? nil
            else { return nil }
            // The difference of two builds has twice the variance of one.
            return found.coefficient / 2.0.squareRoot()
        case .unpaired:
            let found = [baseline, candidate].compactMap { values in
                series(values, nil).flatMap { (try? RunVariation($0)) ?? nil }?.coefficient
            }
            return found.max()
        }
    }
}
