import Quantities
import Suggestions

extension Objective {
    /// Reads an objective as people write it; `nil` if it is none.
    public init?(parsing text: String) {
        do { self = try Objective(reading: text) } catch { return nil }
    }

    /// Reads an objective as people write it.
    ///
    /// - Throws: `ObjectiveError` with what is wrong, what is allowed, and what was perhaps meant.
    public init(reading text: String) throws(ObjectiveError) {
        self = try ObjectiveParser(text: text).objective()
    }
}

/// Reads one objective, and says what is wrong with a text that is none.
struct ObjectiveParser {
    let text: String

    func objective() throws(ObjectiveError) -> Objective {
        guard let words = ObjectiveWords(text) else { throw error("a quote is not closed") }
        guard !words.claim.isEmpty else { throw error(Objective.form) }
        var objective = Objective(claim: try ClaimParser(words.claim, error: error).claim())
        var seen: [ObjectiveWords.Clause] = []
        for (clause, words) in words.clauses {
            if seen.contains(clause) { throw error("\(clause.rawValue) is given twice") }
            seen.append(clause)
            try read(clause, words, into: &objective)
        }
        if let reason = objective.contradiction { throw error(reason) }
        return objective
    }

    private func read(
        _ clause: ObjectiveWords.Clause, _ words: [String], into objective: inout Objective
    ) throws(ObjectiveError) {
        let joined = words.joined(separator: " ")
        guard !words.isEmpty || clause == .abort else {
            throw error("\(clause.rawValue) wants something after it, as in \(clause.form)")
        }
        switch clause {
        case .on: objective.operation = joined
        case .in: objective.phase = joined
        case .within: objective.window = try window(words)
        case .at: objective.confidence = try confidence(joined)
        case .abort:
            guard words.isEmpty else { throw error(unknown(words[0], after: "abort")) }
            objective.aborts = true
        }
    }

    private func window(_ words: [String]) throws(ObjectiveError) -> Duration {
        guard words.first == "any" else {
            throw error("after within stands any and a duration, as in within any 10s")
        }
        let text = words.dropFirst().joined()
        guard let window = Quantity.duration(text) else {
            throw error("\"\(text)\" is not \(Quantity.durationForm)")
        }
        guard window.nanoseconds % 1_000_000_000 == 0, window >= .seconds(2),
            window <= .seconds(3600)
        else {
            throw error("a window is a whole number of seconds from 2s to 1h, not \(text)")
        }
        return window
    }

    private func confidence(_ text: String) throws(ObjectiveError) -> Double {
        guard let share = Quantity.properShare(text), share > 0.5 else {
            throw error("\"\(text)\" is not a confidence above 50% and below 100%, as in at 99%")
        }
        return share
    }

    func unknown(_ word: String, after: String) -> String {
        let clauses = ObjectiveWords.Clause.allCases
        let near =
            Suggestion.closest(to: word, among: clauses.map(\.rawValue))
            .map { "did you mean \($0)? " } ?? ""
        return "\"\(word)\" after \(after) is none of its parts; \(near)allowed: "
            + clauses.map(\.form).joined(separator: ", ")
    }

    func error(_ reason: String) -> ObjectiveError { ObjectiveError(text: text, reason: reason) }
}

extension Objective {
    /// What objectives look like.
    static let form =
        Claims.all.map { $0.example }.joined(separator: ", ")
        + "; each may be followed by "
        + ObjectiveWords.Clause.allCases.map(\.form).joined(separator: ", ")

    /// Whether it can have `abort`.
    public var mayAbort: Bool {
        var aborting = self
        aborting.aborts = true
        return aborting.contradiction == nil
    }

    /// Why its parts do not go together; `nil` if they do.
    var contradiction: String? { claim.contradiction(in: self) }
}
