import JSON
import Quantities

extension Phase {
    /// The phase in the vocabulary of the profile's YAML.
    var json: JSONValue {
        var keys = model.json
        keys.append(.init("for", .string(Quantity.text(duration))))
        keys.append(.init("judged", .bool(isJudged)))
        switch start {
        case .afterPrevious: break
        case .after(let name): keys.append(.init("after", .string(name)))
        case .with(let name): keys.append(.init("with", .string(name)))
        }
        if delay > .zero { keys.append(.init("delay", .string(Quantity.text(delay)))) }
        if !scenarios.isEmpty {
            keys.append(.init("scenarios", .array(scenarios.map { .string($0) })))
        }
        if let gracefulStop {
            keys.append(.init("graceful stop", .string(Quantity.text(gracefulStop))))
        }
        if let rounds {
            keys.append(
                .init(
                    "rounds",
                    .object([
                        .init("load", .string(Quantity.text(rounds.load))),
                        .init("idle", .string(Quantity.text(rounds.idle))),
                    ])))
        }
        return .object([.init(name, .object(keys))])
    }
}
