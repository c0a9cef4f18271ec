public import JSON

/// A part of a scenario: a request, or a form that holds further steps.
public indirect enum Step: Sendable, Equatable {
    /// One request: `ping`, `createPod: { ... }` or `request: { ... }`.
    case request(RequestStep)
    /// `group: NAME` with `steps`: measured as a whole beside its requests.
    case group(String, [Step])
    /// `if` with `then` and perhaps `else`.
    case choice(Condition, then: [Step], otherwise: [Step])
    /// `repeat: COUNT` with `steps`, and perhaps `until`, which is looked at after each round.
    case repetition(Int, until: Condition?, [Step])
    /// `think: DELAY`: a pause by itself.
    case think(Delay)

    /// The request of an operation, with nothing given beside it.
    public init(operation: String) { self = .request(RequestStep(operation: operation)) }

    /// The requests in it, in the order of the text.
    public var requests: [RequestStep] {
        switch self {
        case .request(let request): [request]
        case .group(_, let steps), .repetition(_, _, let steps): steps.flatMap(\.requests)
        case .choice(_, let then, let otherwise): (then + otherwise).flatMap(\.requests)
        case .think: []
        }
    }

    /// The names of the groups in it, in the order of the text.
    public var groups: [String] {
        switch self {
        case .request, .think: []
        case .group(let name, let steps): [name] + steps.flatMap(\.groups)
        case .repetition(_, _, let steps): steps.flatMap(\.groups)
        case .choice(_, let then, let otherwise): (then + otherwise).flatMap(\.groups)
        }
    }
}

/// What decides whether steps are done.
public enum Condition: Sendable, Equatable {
    /// `{ value: TEXT, equals: TEXT }` and its like; the text and the test's may hold slots.
    case compare(String, Test)
    /// `{ chance: 30% }`: a seeded draw; above 0 and below 1.
    case chance(Double)

    /// How a text is looked at.
    public enum Test: Sendable, Equatable {
        /// It is this text.
        case equals(String)
        /// It is any other text.
        case isNot(String)
        /// The regular expression fits somewhere in it.
        case matches(String)
        /// It is a number above this one.
        case above(JSONNumeral)
        /// It is a number below this one.
        case below(JSONNumeral)
    }
}
