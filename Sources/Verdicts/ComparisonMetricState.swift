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
    }

    let metric: ComparisonMetric
    let decides: Bool
    let baseline: [Double]
    let candidate: [Double]
    private(set) var word = Comparison.Word.inconclusive
    private var last: Estimate?

    init(
        metric: ComparisonMetric, decides: Bool, baseline: [Double], candidate: [Double]
    ) {
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
            worse: 1, better: 1)
        guard let a = series(baseline, rounds), let b = series(candidate, rounds) else {
            return estimate
        }
        let confidence = 1 - alpha
        switch rule.design {
        case .paired:
            estimate.ratio =
                (try? RatioEstimate.paired(baseline: a, candidate: b, confidence: confidence))
                ?? nil
            estimate.worse = Self.signedRank(a, b)
            estimate.better = Self.signedRank(b, a)
        case .unpaired:
            estimate.ratio =
                (try? RatioEstimate.unpaired(baseline: a, candidate: b, confidence: confidence))
                ?? nil
            estimate.worse = Self.rankSum(a, b)
            estimate.better = Self.rankSum(b, a)
        }
        return estimate
    }

    private static func signedRank(_ a: Series, _ b: Series) -> Double {
        let differences = zip(a.values, b.values).map { Double.log($1) - Double.log($0) }
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
        guard let ratio = estimate.ratio else { return }
        switch Regression.word(ratio, margin: metric.ratioMargin(rule)) {
        case .improved: word = estimate.better <= estimate.alpha ? .improved : .same
        case .same: word = .same
        case .regressed: word = estimate.worse <= estimate.alpha ? .regressed : .inconclusive
        case .inconclusive: word = .inconclusive
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
        var result = Comparison.OfMetric(
            metric: metric.name, decides: decides, word: word,
            baseline: Self.median(baseline, isPaired ? found.rounds : nil),
            candidate: Self.median(candidate, isPaired ? found.rounds : nil),
            effect: metric.effect(ratio?.ratio ?? 1), lower: lower.map(metric.effect),
            upper: upper.map(metric.effect),
            boundConfidence: 1 - found.alpha, adjustedP: found.worse,
            permutationP: isPaired ? nil : permutation(),
            smallestSeen: smallestSeen(ratio, lower, found.alpha, rule), rounds: found.rounds,
            variation: variation(rule), isEquivalent: isEquivalent(ratio, rule), sentence: "")
        result.sentence = ComparisonSentence(metric: metric, result: result, rule: rule).text
        return result
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
    /// Absent for growth, whose mean is near 0.
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
