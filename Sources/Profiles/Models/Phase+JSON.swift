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

extension LoadModel {
    fileprivate var json: [JSONValue.Member] {
        func text(_ rate: Rate) -> JSONValue { .string(Quantity.text(rate)) }
        func spaced(_ arrivals: Arrivals) -> JSONValue.Member {
            .init("arrivals", .string(arrivals.rawValue))
        }
        return switch self {
        case .constantArrivalRate(let rate, let arrivals):
            [.init("rate", text(rate)), spaced(arrivals)]
        case .rampingArrivalRate(let from, let to, let arrivals):
            [.init("from", text(from)), .init("to", text(to)), spaced(arrivals)]
        case .spike(let spike, let arrivals): [.init("spike", spike.json), spaced(arrivals)]
        case .sine(let sine, let arrivals): [.init("sine", sine.json), spaced(arrivals)]
        case .replay(let replay):
            [
                .init(
                    "replay",
                    .object([
                        .init("file", .string(replay.path)), .init("speed", .number(replay.speed)),
                    ]))
            ]
        case .constantUsers(let users): [.init("users", .integer(Int64(users)))]
        case .rampingUsers(let from, let to):
            [
                .init(
                    "users",
                    .object([
                        .init("from", .integer(Int64(from))), .init("to", .integer(Int64(to))),
                    ]))
            ]
        case .perUserIterations(let users, let iterations):
            [
                .init("users", .integer(Int64(users))),
                .init("iterations per user", .integer(Int64(iterations))),
            ]
        case .sharedIterations(let users, let iterations):
            [
                .init("users", .integer(Int64(users))),
                .init("iterations", .integer(Int64(iterations))),
            ]
        case .asFastAsPossible(let users):
            [.init("as fast as possible", .integer(Int64(users)))]
        }
    }
}

extension Spike {
    fileprivate var json: JSONValue {
        var keys: [JSONValue.Member] = [
            .init("base", .string(Quantity.text(base))),
            .init("peak", .string(Quantity.text(peak))),
            .init("at", .string(begin > .zero ? Quantity.text(begin) : "0s")),
        ]
        for (name, duration) in [("rise", rise), ("hold", hold), ("fall", fall)]
        where duration > .zero {
            keys.append(.init(name, .string(Quantity.text(duration))))
        }
        return .object(keys)
    }
}

extension Sine {
    fileprivate var json: JSONValue {
        .object([
            .init("mean", .string(Quantity.text(mean))),
            .init("amplitude", .string(Quantity.text(amplitude))),
            .init("period", .string(Quantity.text(period))),
        ])
    }
}
