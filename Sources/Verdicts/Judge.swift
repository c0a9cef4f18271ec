public import Evidence
public import Profiles
import Statistics

/// Judges evidence by objectives; pure, so the same evidence gives the same words at any time.
public struct Judge {
    let evidence: RunEvidence
    let profile: Profile
    /// What the run's own load says of its steadiness.
    let steadiness: Steadiness

    /// The verdict on a run's evidence by the objectives of `profile`.
    public static func judge(_ evidence: RunEvidence, profile: Profile) -> RunVerdict {
        Judge(evidence, profile).verdict()
    }

    private init(_ evidence: RunEvidence, _ profile: Profile) {
        self.evidence = evidence
        self.profile = profile
        steadiness = Steadiness(evidence, profile)
    }

    private func verdict() -> RunVerdict {
        var findings = Validity(evidence: evidence, profile: profile).findings()
        let judged = profile.objectives.map(judge)
        for index in findings.indices {
            findings[index].voids = judged.filter { findings[index].isAgainst($0) }
                .map(\.objective)
        }
        let objectives = judged.map { voided($0, by: findings) }
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
        var verdict = RunVerdict(
            verdict: overall, objectives: objectives, findings: findings,
            confidence: profile.confidence)
        verdict.availability = availability()
        verdict.leaks = leaks
        let isLeaking = verdict.leaks?.contains {
            $0.subject == LeakSeries.Subject.target.rawValue && $0.isMemory && $0.verdict == .fail
        }
        if isLeaking == true { verdict.heap = evidence.heap }
        return verdict
    }

    /// What grew and what did not, in a run that was to show it; absent in any other.
    private var leaks: [LeakVerdict]? {
        let asked = profile.objectives.lazy.compactMap(\.growth).first
        guard asked != nil || !evidence.troughs.isEmpty else { return nil }
        return LeakJudge(evidence, profile).all(asked ?? .usual)
    }

    /// A limit that was passed voids PASS and FAIL, or FAIL alone; INCONCLUSIVE stays unless the
    /// rate was short (statistics.md section 3).
    private func voided(
        _ objective: RunVerdict.OfObjective, by findings: [RunVerdict.Finding]
    ) -> RunVerdict.OfObjective {
        var result = objective
        let reason =
            findings.first { $0.voidsPass } ?? findings.first { $0.isAgainst(objective) }
        if let reason, objective.verdict != .invalid {
            result.verdict = .invalid
            result.sentence = "INVALID: \(reason.sentence) Without that: \(objective.sentence)"
        }
        return result
    }

    private func availability() -> AvailabilityEstimate? {
        let everything = Objective(claim: .errorRate(ratio: 0.5))
        let test = ErrorsJudge(everything, judge: self)
        guard let upper = test.test.upperBound(confidence: profile.confidence) else { return nil }
        return AvailabilityEstimate(
            mostFailed: upper, seconds: test.sample.length, confidence: profile.confidence)
    }

    // MARK: One objective

    /// A leak is refuted at 95 % and proven at 99 %; more cannot be asked of it.
    private func leak(_ objective: Objective, _ growth: Objective.Growth) -> RunVerdict.OfObjective
    {
        guard confidence(of: objective) <= 0.95 else {
            return invalid(
                objective,
                "growth is bounded at 95 %, and at no higher confidence; write "
                    + "\(Objective(claim: objective.claim)) at 95%.")
        }
        return LeakJudge(evidence, profile, phase: objective.phase).judge(objective, growth)
    }

    private func judge(_ objective: Objective) -> RunVerdict.OfObjective {
        if let growth = objective.growth {
            return leak(objective, growth)
        }
        if let threshold = objective.thresholdNanoseconds,
            let reason = cannotMeasure(threshold, of: objective)
        {
            return invalid(objective, reason)
        }
        switch objective.claim {
        case .leak: preconditionFailure("\(objective)")
        case .errorRate, .success: return ErrorsJudge(objective, judge: self).verdict()
        case .latencyQuantile: return LatencyJudge(objective, judge: self).verdict()
        case .throughput, .goodput: return RateJudge(objective, judge: self).verdict()
        case .recovery: return RecoveryJudge(objective, judge: self).verdict()
        }
    }

    /// Why this evidence cannot hold latency against a threshold; absent where it can.
    private func cannotMeasure(_ threshold: UInt64, of objective: Objective) -> String? {
        let isClosed = profile.load.contains {
            $0.isJudged && !$0.model.isOpen
                && (objective.phase == nil || objective.phase == $0.name)
        }
        if isClosed { return "closed model: latency not valid for SLO verdicts." }
        let partsPerMillion =
            if case .latencyQuantile(let share, _) = objective.claim { share } else { 500_000 }
        guard
            let floor = evidence.description.calibration?.floor(partsPerMillion: partsPerMillion),
            threshold <= floor
        else { return nil }
        return "\(Figure.time(threshold)) is below what the generator itself needs, "
            + "\(Figure.time(floor)) at this quantile against a responder that "
            + "answers at once; measure on a faster or quieter machine."
    }

    /// What is said where nothing was measured.
    func nothing(_ objective: Objective) -> RunVerdict.OfObjective {
        let what = objective.operation.map { "request of \($0)" } ?? "request"
        let place = objective.phase.map { "the phase \($0)" } ?? "a judged phase"
        return invalid(objective, "no \(what) was measured in \(place).")
    }

    func invalid(_ objective: Objective, _ reason: String) -> RunVerdict.OfObjective {
        RunVerdict.OfObjective(
            objective: objective.description, verdict: .invalid, sentence: "INVALID: \(reason)")
    }

    /// The one-sided confidence of an objective's bounds.
    func confidence(of objective: Objective) -> Double {
        objective.confidence ?? profile.confidence
    }

    /// Where an objective with `abort` was broken, by the seconds of the evidence.
    func broken(_ objective: Objective) -> AbortWatch.Break? {
        guard objective.aborts else { return nil }
        var only = profile
        only.objectives = [objective]
        var watch = AbortWatch(only)
        for row in evidence.rows { if let broken = watch.take(row) { return broken } }
        return nil
    }
}

extension RunVerdict.Finding {
    /// Whether it voids what was found of an objective.
    fileprivate func isAgainst(_ objective: RunVerdict.OfObjective) -> Bool {
        // A leak is as true where requests went out late.
        voidsPass || objective.verdict == .fail && !objective.objective.hasPrefix("leak")
    }
}

extension Objective {
    /// The growth that it allows; absent where it is not about a leak.
    var growth: Growth? { if case .leak(let growth) = claim { growth } else { nil } }
}
