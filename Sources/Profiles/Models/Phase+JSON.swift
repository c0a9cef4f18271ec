import JSON

extension Phase {
    /// The phase in the vocabulary of the profile's YAML.
    var json: JSONValue {
        var keys = model.json
        keys.append(.init("for", .string(Quantities.text(duration))))
        keys.append(.init("judged", .bool(isJudged)))
        switch start {
        case .afterPrevious: break
        case .after(let name): keys.append(.init("after", .string(name)))
        case .with(let name): keys.append(.init("with", .string(name)))
        }
        if delay > .zero { keys.append(.init("delay", .string(Quantities.text(delay)))) }
        if !scenarios.isEmpty {
            keys.append(.init("scenarios", .array(scenarios.map { .string($0) })))
        }
        if let gracefulStop {
            keys.append(.init("graceful stop", .string(Quantities.text(gracefulStop))))
        }
        if let rounds {
            keys.append(
                .init(
                    "rounds",
                    .object([
                        .init("load", .string(Quantities.text(rounds.load))),
                        .init("idle", .string(Quantities.text(rounds.idle))),
                    ])))
        }
        return .object([.init(name, .object(keys))])
    }
}
