import Statistics

extension Comparison {
    /// Compares runs; values in the order of their rounds, one of each build a round, where the
    /// rule is paired.
    ///
    /// O(n^2 log n) for each metric and look.
    public init(
        baseline: [RunFigures], candidate: [RunFigures], rule: ComparisonRule
    ) {
        let count = min(baseline.count, candidate.count)
        let isTimeMixed = rule.design == .paired || RunOrder(baseline, candidate).isMixed
        var states = ComparisonJudge.states(baseline, candidate, rule, isTimeMixed: isTimeMixed)
        var looks: [Int] = []
        var alpha = 1 - rule.confidence
        if rule.isSequential {
            for rounds in SequentialComparison.lookRounds where rounds <= count {
                alpha /= 2
                looks.append(rounds)
                ComparisonJudge.look(&states, rounds: rounds, alpha: alpha, rule)
                if ComparisonJudge.isOver(states) { break }
            }
        } else if count > 0 {
            looks = [count]
            ComparisonJudge.look(&states, rounds: nil, alpha: alpha, rule)
        }
        let problems = (baseline + candidate).flatMap { figures in
            figures.problems.map { "\(figures.run): \($0)" }
        }
        let metrics = states.map { $0.result(rule, allRounds: count) }
        self.init(
            word: ComparisonJudge.word(metrics, isVoid: !problems.isEmpty || metrics.isEmpty),
            metrics: metrics, rounds: count, looks: looks, design: rule.design,
            isTimeMixed: isTimeMixed,
            margin: rule.margin, errorMargin: rule.errorMargin,
            growthMargin: rule.growthMargin, confidence: rule.confidence,
            notes: problems)
        notes += ComparisonJudge.notes(self, baseline, candidate)
    }
}

/// The looks at a comparison.
enum ComparisonJudge {
    /// Below so many requests beyond it in a run, a quantile is shown and does not decide.
    private static let minimumBeyond = 10.0

    /// Every metric that all runs measured, before any look.
    static func states(
        _ baseline: [RunFigures], _ candidate: [RunFigures], _ rule: ComparisonRule,
        isTimeMixed: Bool
    ) -> [MetricState] {
        let requests = (baseline + candidate).map(\.requests).min() ?? 0
        let isClosed = (baseline + candidate).contains(where: \.isClosed)
        return ComparisonMetric.all.compactMap { metric in
            let (a, b) = (
                baseline.compactMap { $0.value(metric) }, candidate.compactMap { $0.value(metric) }
            )
            guard !a.isEmpty, a.count == baseline.count, b.count == candidate.count, !b.isEmpty,
                (a + b).allSatisfy({ metric.scale($0) > 0 && metric.scale($0).isFinite })
            else { return nil }
            return MetricState(
                metric: metric,
                decides: decides(metric, requests, isClosed: isClosed, rule), baseline: a,
                candidate: b, isTimeMixed: isTimeMixed,
                resolution: (baseline + candidate).compactMap { $0.resolution(metric) }.max())
        }
    }

    /// Whether a metric decides where none was chosen: what a user of the API notices, and what
    /// one run measures well enough.
    ///
    /// In an open load throughput is the schedule's, and the error rate tells what is missing.
    private static func decides(
        _ metric: ComparisonMetric, _ requests: Int, isClosed: Bool, _ rule: ComparisonRule
    ) -> Bool {
        if let chosen = rule.metrics { return chosen.contains(metric) }
        switch metric {
        case .latency(let quantile):
            return Double(requests) * Double(1_000_000 - quantile) / 1e6 >= minimumBeyond
        case .throughput: return isClosed
        case .errorRate: return true
        case .cpu, .memory, .growth: return false
        }
    }

    /// Whether nothing that decides is open, or a regression is proven.
    static func isOver(_ states: [MetricState]) -> Bool {
        let words = states.filter(\.decides).map(\.word)
        return words.contains(.regressed) || !words.contains(.inconclusive)
    }

    /// One look at the first `rounds` values, or at all of them: every metric that is still open.
    static func look(
        _ states: inout [MetricState], rounds: Int?, alpha: Double, _ rule: ComparisonRule
    ) {
        let estimates = states.map { $0.estimate(rounds, alpha: alpha, rule) }
        let worse = adjusted(states, estimates.map(\.worse))
        let better = adjusted(states, estimates.map(\.better))
        let byMargin = adjusted(states, estimates.map(\.worseByMargin))
        for index in states.indices where states[index].word == .inconclusive {
            var estimate = estimates[index]
            (estimate.worse, estimate.better) = (worse[index], better[index])
            estimate.worseByMargin = byMargin[index]
            states[index].take(estimate, rule)
        }
    }

    /// Holm over the metrics that decide; the others stand by themselves.
    private static func adjusted(_ states: [MetricState], _ p: [Double]) -> [Double] {
        let deciding = states.indices.filter { states[$0].decides }
        var result = p
        for (index, value) in zip(deciding, Holm(deciding.map { p[$0] }).adjusted) {
            result[index] = value
        }
        return result
    }

    static func word(_ metrics: [Comparison.OfMetric], isVoid: Bool) -> Comparison.Word {
        let words = metrics.filter(\.decides).map(\.word)
        if isVoid || words.isEmpty { return .invalid }
        if words.contains(.regressed) { return .regressed }
        if words.contains(.inconclusive) { return .inconclusive }
        return words.contains(.improved) ? .improved : .same
    }

    /// What limits the claim.
    static func notes(
        _ comparison: Comparison, _ baseline: [RunFigures], _ candidate: [RunFigures]
    ) -> [String] {
        var notes: [String] = []
        let count = comparison.rounds
        if comparison.design == .unpaired, count < 3 {
            notes.append(
                "\(baseline.count) and \(candidate.count) runs give no bound; it takes at least 3 "
                    + "of each side.")
        }
        if comparison.design == .paired, comparison.looks.isEmpty {
            let first = SequentialComparison.lookRounds[0]
            notes.append("\(count) rounds are below the first look, which is after \(first).")
        }
        if !comparison.isTimeMixed {
            notes.append(
                "the runs of the two sides did not take turns, so a drift of the machine cannot be "
                    + "told from a change of the build. REGRESSED and IMPROVED are not said of "
                    + "them; compare side by side, or make the runs in the order A B B A.")
        }
        let noisy = comparison.metrics.filter { metric in
            metric.decides
                && metric.variation.map { RunVariation(coefficient: $0).isTooNoisy }
                    ?? false
        }
        if !noisy.isEmpty {
            notes.append(
                "rounds differ by more than 10 % by themselves in "
                    + noisy.map(\.metric).joined(separator: ", ")
                    + ": the host is too noisy for this, or the rounds are too short.")
        }
        let watched = comparison.metrics.filter { !$0.decides }.map(\.metric)
        if !watched.isEmpty {
            notes.append("shown without deciding: \(watched.joined(separator: ", ")).")
        }
        return notes
    }
}
