import YAML

extension ProfileDecoder {
    static let phaseKeys = ["rate", "from", "to", "users", "for", "arrivals", "judged"]

    mutating func phases(_ node: YAMLNode?, in root: YAMLNode) -> [Phase] {
        guard let node, let elements = node.elements, !elements.isEmpty else {
            problems.add(
                (node ?? root).position,
                "load is a list of at least one phase, as in - steady: { rate: 100/s, for: 30s }")
            return []
        }
        var result: [Phase] = []
        var names: Set<String> = []
        for element in elements {
            guard
                let entry = named(element, "phase", example: "- steady: { rate: 100/s, for: 30s }")
            else { continue }
            if !names.insert(entry.key).inserted {
                problems.add(entry.position, "there is a phase named \"\(entry.key)\" before")
            }
            if let phase = phase(entry) { result.append(phase) }
        }
        return result
    }

    private mutating func phase(_ entry: YAMLNode.Entry) -> Phase? {
        check(entry.value, "a phase", keys: Self.phaseKeys)
        guard entry.value.entries != nil else { return nil }
        if entry.value["for"] == nil {
            problems.add(
                entry.position, "the phase \"\(entry.key)\" needs for: \(Quantities.durationForm)")
        }
        let duration = duration(entry.value["for"])
        let model = model(entry)
        let judged = flag(entry.value["judged"])
        guard let duration, let model else { return nil }
        return Phase(
            name: entry.key, model: model, duration: duration,
            isJudged: judged ?? !Self.isWarmUp(entry.key))
    }

    private mutating func model(_ entry: YAMLNode.Entry) -> LoadModel? {
        let node = entry.value
        let arrivals = arrivals(node["arrivals"])
        let given = ["rate", "from", "to", "users"].filter { node[$0] != nil }
        switch given {
        case ["rate"]:
            let rate = value(node["rate"], "\(Quantities.rateForm), above 0") { text in
                Quantities.rate(text).flatMap { $0.perSecond > 0 ? $0 : nil }
            }
            return rate.map { .constantArrivalRate($0, arrivals) }
        case ["from", "to"]:
            let from = value(node["from"], Quantities.rateForm, Quantities.rate)
            let to = value(node["to"], Quantities.rateForm, Quantities.rate)
            guard let from, let to else { return nil }
            if from.perSecond == 0, to.perSecond == 0 {
                problems.add(entry.position, "the phase \"\(entry.key)\" rises from 0 to 0")
            }
            return .rampingArrivalRate(from: from, to: to, arrivals)
        case ["users"]:
            if let node = node["arrivals"] {
                problems.add(
                    node.position, "arrivals are of the open model; users send after the answer")
            }
            return number(
                node["users"], Int.self, "a whole number from 1 to 100000",
                where: { (1...100_000).contains($0) }
            ).map { .constantUsers($0) }
        default:
            problems.add(
                entry.position,
                "the phase \"\(entry.key)\" needs either rate, or from and to, or users; it has "
                    + (given.isEmpty ? "none of them" : given.joined(separator: ", ")))
            return nil
        }
    }

    private mutating func arrivals(_ node: YAMLNode?) -> Arrivals {
        guard let node, let text = text(node) else { return .constant }
        guard let arrivals = Arrivals(rawValue: text) else {
            problems.add(
                node.position, unknown: text, "kind of arrivals",
                allowed: Arrivals.allCases.map(\.rawValue))
            return .constant
        }
        return arrivals
    }

    /// The one entry of a list's element: a name with what it is.
    mutating func named(_ node: YAMLNode, _ what: String, example: String) -> YAMLNode.Entry? {
        guard let entries = node.entries, entries.count == 1, !entries[0].key.isEmpty else {
            problems.add(node.position, "a \(what) is one name with its keys, as in \(example)")
            return nil
        }
        return entries[0]
    }
}
