import Verdicts

/// How the verdict on an objective was found, for people who ask; the same words in every form.
struct ObjectiveMethod {
    private let objective: RunVerdict.OfObjective

    init(_ objective: RunVerdict.OfObjective) { self.objective = objective }

    /// Names with their words; empty if nothing was measured.
    var rows: [ReportModel.Row] {
        guard objective.method != nil else { return [] }
        let again = objective.again.map { ["another run", $0.sentence] }
        return [again].compactMap { $0 } + parts.map { [$0.name, $0.words] }
    }

    /// All but what the sentence says, in a line; `nil` if nothing was measured.
    var line: String? {
        objective.method == nil
            ? nil : "method: \(parts.map(\.words).joined(separator: "; "))"
    }

    private var parts: [(name: String, words: String)] {
        [
            ("FAIL rests on", rule), ("dependence", dependence), ("power", power),
            ("bounds", bounds),
        ].compactMap { name, words in words.map { (name, $0) } }
    }

    /// What a FAIL rests on.
    private var rule: String? {
        switch objective.failRule {
        case nil: return nil
        case .inference:
            let chance = objective.failProbability ?? 0
            let rare =
                chance > 0
                ? ": a target just at the limit would have so bad a run with probability "
                    + Figure.significant(chance, digits: 2) : ""
            return "FAIL since another run would miss the limit too\(rare)"
        case .share:
            return "FAIL since the share is so far beyond the limit that no dependence between "
                + "requests explains it"
        case .outage:
            return "FAIL since outages of this run alone hold at least twice what the limit allows"
        case .change:
            return "FAIL since a change of level in this run alone holds at least twice what the "
                + "limit allows"
        }
    }

    /// What the design effect means; `nil` if there is none, which the method says.
    private var dependence: String? {
        guard objective.unit == .share, objective.again?.isKnown == true,
            let effect = objective.designEffect, effect > 1,
            let worth = objective.effectiveCount, worth >= 1
        else { return nil }
        return "requests hang together: \(Figure.whole(objective.total)) say as much as "
            + "\(Figure.significant(worth)) independent ones"
    }

    /// What such a run would have found.
    private var power: String? {
        guard objective.unit == .share, objective.verdict == .pass, objective.failedWindows == nil
        else { return nil }
        guard let effect = objective.smallestEffect, let limit = objective.limit else {
            return "what share such a run would have found is not known, since requests hang "
                + "together"
        }
        // A success has its limit below what is good.
        let share = effect < limit ? 1 - effect : effect
        return "four of five such runs would say FAIL if "
            + "\(Figure.percent(share)) of all requests counted against it"
    }

    private var bounds: String? {
        guard let method = objective.method else { return nil }
        guard let confidence = objective.confidence, objective.again?.isKnown ?? true else {
            return method
        }
        return "\(method); each bound at \(Figure.given(confidence)), one-sided"
    }
}
