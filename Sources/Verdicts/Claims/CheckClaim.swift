public import Checker
import Evidence
import Profiles

/// A claim about what checked requests read and wrote.
protocol CheckClaim: JudgedClaim {
    /// What it looks at.
    var anomalies: [Anomaly] { get }
    /// What one of them is called, and several.
    var noun: (one: String, many: String) { get }
}

extension LostWritesClaim: CheckClaim {
    var anomalies: [Anomaly] { [.lost] }
    var noun: (one: String, many: String) {
        ("acknowledged write was lost", "acknowledged writes were lost")
    }
}

extension WrongDataClaim: CheckClaim {
    var anomalies: [Anomaly] { Anomaly.allCases }
    var noun: (one: String, many: String) {
        ("answer or write is wrong", "answers or writes are wrong")
    }
}

extension CheckClaim {
    func verdict(on objective: Objective, by judge: Judge) -> RunVerdict.OfObjective {
        guard let check = judge.evidence.check else {
            return judge.invalid(
                objective,
                judge.profile.isChecked
                    ? "the run did not come to its end, or no checked request was sent, so that "
                        + "what it wrote is not known."
                    : "no scenario of the profile is checked.")
        }
        let found = anomalies.compactMap { anomaly in
            check.findings[anomaly].map { (anomaly, $0.count) }
        }
        let count = found.reduce(0) { $0 + $1.1 }
        var result = RunVerdict.OfObjective(
            objective: objective.description, verdict: .pass, count: count,
            total: check.acknowledgedWrites + check.reads, sentence: "")
        result.method = "every answer of checked requests against all others of its key"
        let amount =
            "\(Figure.whole(check.acknowledgedWrites)) acknowledged writes and "
            + "\(Figure.whole(check.reads)) reads"
        if count > 0 {
            result.verdict = .fail
            result.failProbability = 0
            result.run = RunVerdict.OfObjective.InRun(isKept: false)
            let kinds = found.map { "\(Figure.whole($0.1)) \($0.0.words)" }
            result.sentence =
                "FAIL: \(Figure.whole(count)) \(count == 1 ? noun.one : noun.many)"
                + (anomalies.count > 1 ? " (\(kinds.joined(separator: ", ")))" : "")
                + ", of \(amount)."
            return result
        }
        if let shortage = check.shortage() {
            return judge.invalid(objective, "too little was checked: \(shortage).")
        }
        result.run = RunVerdict.OfObjective.InRun(isKept: true)
        result.sentence = "PASS: none in \(amount); all were read back."
        return result
    }

    func expectation(
        of objective: Objective, by planner: Planner, from load: Planner.Load
    ) -> Planner.Expectation {
        Planner.Expectation(
            objective, load, isDecidable: true,
            "DECIDABLE with 100 acknowledged writes and 100 reads; every key is read back after "
                + "the load.")
    }

    func scaled(
        _ objective: Objective, _ runs: [Repetition.OfObjective]
    ) -> RepeatClaim.Scaled? {
        nil
    }

    var capacityBound: CapacityStep.Bound { .target }
}

extension Anomaly {
    /// Its name in words.
    public var words: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }
}
