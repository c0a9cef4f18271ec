public import Evidence
import Histograms
public import Profiles
import Statistics

/// Judges evidence by objectives; pure, so the same evidence gives the same words at any time.
public struct Judge {
    private let evidence: RunEvidence
    private let profile: Profile
    private let judgedPhases: Set<String>
    private let confidence: Double

    /// The verdict on a run's evidence by the objectives of `profile`.
    public static func judge(_ evidence: RunEvidence, profile: Profile) -> RunVerdict {
        Judge(evidence, profile).verdict()
    }

    private init(_ evidence: RunEvidence, _ profile: Profile) {
        self.evidence = evidence
        self.profile = profile
        confidence = profile.confidence
        judgedPhases = Set(profile.load.filter(\.isJudged).map(\.name))
    }

    private func verdict() -> RunVerdict {
        let findings = Validity(evidence: evidence, profile: profile).findings()
        let objectives = profile.objectives.map { objective in
            voided(judge(objective), by: findings)
        }
        let words = objectives.map(\.verdict)
        let overall: RunVerdict.Word =
            if objectives.isEmpty {
                findings.contains { $0.voidsPass } ? .invalid : .inconclusive
            } else if words.contains(.invalid) {
                .invalid
            } else if words.contains(.fail) {
                .fail
            } else if words.contains(.inconclusive) {
                .inconclusive
            } else {
                .pass
            }
        return RunVerdict(
            verdict: overall, objectives: objectives, findings: findings, confidence: confidence)
    }

    /// A limit that was passed voids PASS and FAIL, or FAIL alone; INCONCLUSIVE stays unless the
    /// rate
    /// was short (statistics.md section 3).
    private func voided(
        _ objective: RunVerdict.OfObjective, by findings: [RunVerdict.Finding]
    ) -> RunVerdict.OfObjective {
        var result = objective
        let reason =
            findings.first { $0.voidsPass }
            ?? (objective.verdict == .fail ? findings.first : nil)
        if let reason, objective.verdict != .invalid {
            result.verdict = .invalid
            result.sentence = "INVALID: \(reason.sentence) Without that: \(objective.sentence)"
        }
        return result
    }

    // MARK: One objective

    private func judge(_ objective: Objective) -> RunVerdict.OfObjective {
        func isJudged(_ phase: String, _ operation: String) -> Bool {
            judgedPhases.contains(phase) && objective.phase ?? phase == phase
                && (objective.operation == nil || objective.operation == operation)
        }
        if let reason = cannotJudge(objective) {
            return RunVerdict.OfObjective(
                objective: objective.description, verdict: .invalid, count: 0, total: 0,
                sentence: "INVALID: \(reason).")
        }
        let outcomes = evidence.outcomes(where: isJudged)
        let total = outcomes.values.reduce(0, +)
        let failures = total - (outcomes[.ok] ?? 0)
        guard total > 0 else {
            let what = objective.operation.map { "request of \($0)" } ?? "request"
            return RunVerdict.OfObjective(
                objective: objective.description, verdict: .invalid, count: 0, total: 0,
                sentence: "INVALID: no \(what) was measured in a judged phase.")
        }
        if objective.aborts, let broken = broken(objective) {
            return answer(
                objective, Proportion(broken.count, of: broken.total), .fail,
                "FAIL (\(Figure.given(confidence))): \(broken.sentence)")
        }
        switch objective.claim {
        case .throughput, .goodput, .leak, .recovery: preconditionFailure("\(objective)")
        case .errorRate, .success:
            let limit = objective.allowedShare ?? 0
            let seen = Proportion(failures, of: total)
            return answer(
                objective, seen, seen.verdict(limit: limit, confidence: confidence),
                ErrorRateSentence(seen: seen, limit: limit, confidence: confidence).text)
        case .latencyQuantile(let partsPerMillion, let threshold):
            if isClosed(objective) {
                return answer(
                    objective, Proportion(failures, of: total), .invalid,
                    "INVALID: closed model: latency not valid for SLO verdicts.")
            }
            if let floor = evidence.description.calibration?
                .floor(partsPerMillion: partsPerMillion), threshold <= floor
            {
                return answer(
                    objective, Proportion(failures, of: total), .invalid,
                    "INVALID: \(Figure.time(threshold)) is below what the generator itself needs, "
                        + "\(Figure.time(floor)) at this quantile against a responder that "
                        + "answers at once; measure on a faster or quieter machine.")
            }
            let limit = Double(1_000_000 - partsPerMillion) / 1e6
            let (least, most) = slow(threshold, isJudged)
            let low = Proportion(min(total, least + failures), of: total)
            let high = Proportion(min(total, most + failures), of: total)
            // A bucket that the threshold divides counts against whichever word is given.
            var verdict = high.verdict(limit: limit, confidence: confidence)
            if verdict == .fail, low != high {
                verdict =
                    low.verdict(limit: limit, confidence: confidence) == .fail
                    ? .fail : .inconclusive
            }
            let seen = verdict == .fail ? low : high
            let sentence = LatencySentence(
                seen: seen, limit: limit, threshold: threshold, failures: failures,
                verdict: verdict, confidence: confidence)
            return answer(objective, seen, verdict, sentence.text)
        }
    }

    private func answer(
        _ objective: Objective, _ seen: Proportion, _ verdict: Proportion.Verdict,
        _ sentence: String
    ) -> RunVerdict.OfObjective {
        let word: RunVerdict.Word =
            switch verdict {
            case .pass: .pass
            case .fail: .fail
            case .inconclusive: .inconclusive
            case .invalid: .invalid
            }
        return RunVerdict.OfObjective(
            objective: objective.description, verdict: word, count: seen.count, total: seen.total,
            lower: seen.lowerBound(confidence: confidence),
            upper: seen.upperBound(confidence: confidence), sentence: sentence)
    }

    /// Why the evidence cannot answer it; absent where it can.
    private func cannotJudge(_ objective: Objective) -> String? {
        switch objective.claim {
        case .leak: "no allocator evidence of drained troughs in this run"
        case .throughput, .goodput, .recovery: "this version does not judge it"
        case .latencyQuantile, .errorRate, .success:
            objective.window == nil ? nil : "this version does not judge windows"
        }
    }

    /// Where an objective with `abort` was broken, by the seconds of the evidence.
    private func broken(_ objective: Objective) -> AbortWatch.Break? {
        var only = profile
        only.objectives = [objective]
        var watch = AbortWatch(only)
        for row in evidence.rows { if let broken = watch.take(row) { return broken } }
        return nil
    }

    private func isClosed(_ objective: Objective) -> Bool {
        profile.load.contains { $0.isJudged && !$0.model.isOpen }
    }

    /// Right answers as slow as the threshold or slower: exact, or from the histogram's buckets.
    private func slow(
        _ threshold: UInt64, _ include: (String, String) -> Bool
    ) -> (least: Int, most: Int) {
        if let exact = evidence.countOver(threshold, where: include) { return (exact, exact) }
        let (least, most) = evidence.histogram(.latency, where: include).count(atOrAbove: threshold)
        return (Int(least), Int(most))
    }
}
