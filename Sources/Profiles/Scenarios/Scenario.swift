/// What one arrival does: steps in order, each due when the one before was answered.
public struct Scenario: Sendable, Equatable {
    /// The name as written; unique in the profile.
    public var name: String
    /// Its share of the arrivals, relative to the other scenarios; 1 to 1,000,000.
    public var weight: Int
    /// At least one, and at least one request among them.
    public var steps: [Step]
    /// The user's pause after each request that has none of its own; `nil` for none.
    public var think: Delay?
    /// The time from the start of an iteration to that of the user's next, in the closed models;
    /// `nil` if the next begins when the last has ended.
    public var pacing: Delay?
    /// Whether each user keeps the cookies that it is given, and sends them.
    public var keepsCookies = false
    /// The key that an iteration reads and writes in a store, a text that may hold slots; `nil` if
    /// it is not checked.
    public var checkedKey: String?

    /// A scenario from its parts.
    public init(name: String, weight: Int = 1, steps: [Step]) {
        self.name = name
        self.weight = weight
        self.steps = steps
    }

    /// Its requests in the order of the text, each once, whatever repeats or skips them.
    public var requests: [RequestStep] { steps.flatMap(\.requests) }

    /// The names of its groups in the order of the text, each once.
    public var groups: [String] {
        steps.flatMap(\.groups).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}
