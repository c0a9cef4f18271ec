public import Evidence
import Measurements
public import Profiles
import Statistics

/// Judges evidence by objectives; pure, so the same evidence always gets the same verdict.
public struct Judge {
    let evidence: RunEvidence
    let profile: Profile
    /// What the run's own load says of its steadiness.
    let steadiness: Steadiness
    /// Faults of the generator or of the evidence.
    private let findings: [RunVerdict.Finding]
    /// Outcomes caused by the profile's own limits; no FAIL rests on them.
    let ownFailures: [Outcome]

    /// The verdict on a run's evidence by the objectives of `profile`.
    public static func judge(_ evidence: RunEvidence, profile: Profile) -> RunVerdict {
        Judge(evidence, profile).verdict()
    }

    private init(_ evidence: RunEvidence, _ profile: Profile) {
        self.evidence = evidence
        self.profile = profile
        steadiness = Steadiness(evidence, profile)
        let validity = Validity(evidence: evidence, profile: profile)
        (findings, ownFailures) = (validity.findings(), validity.ownFailures)
    }

    private func verdict() -> RunVerdict {
        var findings = self.findings
        let judged = profile.objectives.map(judge)
        for index in findings.indices {
            findings[index].voids = judged.filter { findings[index].isAgainst($0) }
                .map(\.objective)
        }
        let objectives = judged.map { voided($0, by: findings) }
        var verdict = RunVerdict(
            verdict: overall(objectives, findings), objectives: objectives, findings: findings,
            confidence: profile.confidence)
        verdict.note = note(objectives, verdict.verdict)
        verdict.leaks = leaks
        let isLeaking = verdict.leaks?.contains {
            $0.subject == LeakSeries.Subject.target.rawValue && $0.isMemory && $0.verdict == .fail
        }
        if isLeaking == true { verdict.heap = evidence.heap }
        return verdict
    }

    /// The verdict over all objectives; a FAIL must hold although there are many.
    private func overall(
        _ objectives: [RunVerdict.OfObjective], _ findings: [RunVerdict.Finding]
    ) -> RunVerdict.Word {
        let words = objectives.map(\.verdict)
        if objectives.isEmpty {
            return findings.contains { $0.reach == .everything } ? .invalid : .measured
        }
        if words.contains(.invalid) { return .invalid }
        if words.contains(.fail) { return failsAsRun(objectives) ? .fail : .inconclusive }
        // The rest of an interrupted load might have failed.
        return words.contains(.inconclusive) || evidence.isInterrupted ? .inconclusive : .pass
    }

    /// Holm's first step over the objectives, which decides whether any FAIL stands.
    ///
    /// The more objectives there are, the smaller the smallest probability has to be. What
    /// happened in this run needs no such correction.
    private func failsAsRun(_ objectives: [RunVerdict.OfObjective]) -> Bool {
        let tested = Double(objectives.count)
        return objectives.contains { objective in
            guard objective.verdict == .fail else { return false }
            let chance = objective.failProbability ?? 0
            return chance * tested <= 1 - (objective.confidence ?? profile.confidence)
        }
    }

    private func note(
        _ objectives: [RunVerdict.OfObjective], _ overall: RunVerdict.Word
    ) -> String? {
        guard overall == .inconclusive else { return nil }
        if evidence.isInterrupted, objectives.allSatisfy({ $0.verdict == .pass }) {
            return
                "The run was interrupted before the end of its load, so that no PASS stands: the "
                + "run as a whole is INCONCLUSIVE."
        }
        guard objectives.contains(where: { $0.verdict == .fail }) else { return nil }
        return
            "Of \(objectives.count) objectives one FAILs now and then by chance, and this FAIL is "
            + "no clearer than that: the run as a whole is INCONCLUSIVE."
    }

    /// What grew and what did not; `nil` if the run was not made to show it.
    private var leaks: [LeakVerdict]? {
        let asked = profile.objectives.lazy.compactMap(\.growth).first
        guard asked != nil || !evidence.troughs.isEmpty else { return nil }
        return LeakJudge(evidence, profile).all(asked ?? .usual)
    }

    /// Voids what the generator's limits may have caused, and nothing else.
    private func voided(
        _ objective: RunVerdict.OfObjective, by findings: [RunVerdict.Finding]
    ) -> RunVerdict.OfObjective {
        var result = objective
        let reason =
            findings.first { $0.reach == .everything }
            ?? findings.first { $0.isAgainst(objective) }
        if let reason, objective.verdict != .invalid {
            result.verdict = .invalid
            result.failRule = nil
            result.sentence = "INVALID: \(reason.sentence) Without that: \(objective.sentence)"
        }
        return result
    }

    /// What the generator left out of an objective's sample.
    func missed(_ sample: ObjectiveSample, _ objective: Objective) -> Missed {
        var missed = Missed()
        let arrivals = evidence.rows.reduce((planned: 0, fired: 0, started: 0, unfed: 0)) {
            (
                $0.planned + $1.planned, $0.fired + $1.started + $1.dropped,
                $0.started + $1.started, $0.unfed + ($1.unfed ?? 0)
            )
        }
        // An arrival that never started counts as many requests as the others had on average.
        let requests = Double(sample.total) / Double(max(1, arrivals.started))
        func missing(_ count: Int) -> Int {
            Int(clamping: min(1e15, (Double(max(0, count)) * max(1, requests)).rounded(.up)))
        }
        if arrivals.planned > arrivals.fired {
            missed.unsent = missing(arrivals.planned - arrivals.fired)
            missed.unfed = min(missed.unsent, missing(arrivals.unfed))
        }
        for stretch in evidence.blindStretches {
            let (from, to) = (
                Double(stretch.fromNanoseconds) / 1e9, Double(stretch.toNanoseconds) / 1e9
            )
            for second in sample.seconds where second.start < to && from < second.end {
                let shared = min(to, second.end) - max(from, second.start)
                let part = shared / max(1e-9, second.end - second.start)
                missed.blindSeconds += shared
                missed.unseen += Int(clamping: (part * Double(second.total)).rounded(.up))
            }
        }
        return missed
    }

    /// Whether an objective with `abort` was broken by its blocks of time, as a run that was
    /// stopped for it has been.
    func isBrokenByBlocks(_ objective: Objective) -> Bool {
        guard objective.aborts else { return false }
        var only = profile
        only.objectives = [objective]
        var watch = AbortWatch(only)
        return evidence.rows.contains { watch.take($0)?.reason == .blocks }
    }

    // MARK: One objective

    private func judge(_ objective: Objective) -> RunVerdict.OfObjective {
        if let threshold = objective.thresholdNanoseconds,
            let reason = cannotMeasure(threshold, of: objective)
        {
            return invalid(objective, reason)
        }
        return objective.judgedClaim.verdict(on: objective, by: self)
    }

    /// Why this evidence cannot judge latency by a threshold; `nil` if it can.
    private func cannotMeasure(_ threshold: UInt64, of objective: Objective) -> String? {
        let isClosed = profile.load.contains { objective.isAbout($0) && !$0.model.isOpen }
        if isClosed {
            return "users who wait for their answers (a closed model) ask less while the target is "
                + "slow, so that their latency proves nothing; use a rate."
        }
        let partsPerMillion = objective.claim.partsPerMillion ?? 500_000
        guard
            let floor = evidence.description.calibration?.floor(partsPerMillion: partsPerMillion),
            threshold <= floor
        else { return nil }
        return "\(Figure.time(threshold)) is below what the generator itself needs, "
            + "\(Figure.time(floor)) at this quantile against a responder that "
            + "answers at once; measure on a faster or quieter machine."
    }

    /// The verdict if nothing was measured.
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
}

extension RunVerdict.Finding {
    /// Whether it voids what was found of an objective.
    fileprivate func isAgainst(_ objective: RunVerdict.OfObjective) -> Bool {
        switch reach {
        case .everything: true
        case .unlessFail: objective.verdict != .fail && objective.unit == .share
        case .failsOfTime: objective.verdict == .fail && objective.isOfTime
        case .unsent: false
        case .recovery: objective.isOfFaults
        }
    }
}
