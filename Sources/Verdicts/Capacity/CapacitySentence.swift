/// What is said of a capacity.
struct CapacitySentence {
    private let capacity: Capacity
    private let search: CapacitySearch

    init(_ capacity: Capacity, _ search: CapacitySearch) {
        self.capacity = capacity
        self.search = search
    }

    var text: String {
        let sure = Figure.given(capacity.confidence)
        let claims = capacity.objectives.joined(separator: ", ")
        guard let rate = capacity.confirmedRate else {
            return capacity.word == .invalid
                ? "INVALID: the generator could not bring any load in full; \(lastReason)"
                : "INCONCLUSIVE: no rate was confirmed; \(lastReason)"
        }
        var text = "PASS (\(sure)): \(claims) held at \(Self.rate(rate))"
        if let seconds = capacity.confirmedSeconds {
            text += " for \(Figure.significant(seconds)) s"
        }
        guard let high = search.high, let width = search.width else {
            return text + "; no rate up to \(Self.rate(search.most)) was too high."
        }
        text += ", and not at \(Self.rate(high)): a bracket \(Figure.percent(width)) wide"
        switch capacity.bound {
        case .target: text += "; the target was too slow there, or did not keep up"
        case .error: text += "; the target failed requests there"
        case .generator:
            text += "; the generator was the limit there, so that the target may carry more"
        case .undecided: text += "; that step stayed undecided"
        case nil: break
        }
        return text + "."
    }

    var notes: [String] {
        var notes: [String] = []
        if let step = capacity.steps.last(where: { $0.rate == search.high }), !step.reason.isEmpty {
            notes.append("at \(Self.rate(step.rate)): \(step.reason)")
        }
        let passed = capacity.steps.filter { $0.outcome == .pass }.map(\.rate).max() ?? 0
        if let failed = capacity.steps.filter({ $0.outcome == .fail }).map(\.rate).min(),
            failed < passed
        {
            notes.append(
                "not monotone: \(Self.rate(failed)) failed and \(Self.rate(passed)) passed; "
                    + "only the confirmed rate is claimed.")
        }
        notes.append(
            "measured with one target on this machine (\(capacity.processors) processors) and the "
                + "profile \(capacity.profile) at constant rates.")
        return notes
    }

    private var lastReason: String {
        capacity.steps.last { !$0.reason.isEmpty }?.reason ?? "the search was stopped."
    }

    static func rate(_ rate: Double) -> String { "\(Figure.significant(rate, digits: 4))/s" }
}
