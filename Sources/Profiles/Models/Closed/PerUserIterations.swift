public import JSON

/// Closed model, `users` with `iterations per user`: each does as many, or what the phase has time
/// for.
public struct PerUserIterations: ClosedModel {
    /// How many users there are.
    public var users: Int
    /// What each of them does.
    public var iterations: Int

    /// All of them.
    public var maximumUsers: Int? { users }

    /// Those of the share.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? {
        PerUserPlan(userCount: share.of(users), iterations: iterations)
    }
}

extension PerUserIterations: WrittenModel {
    static let keys = ["users"]
    static let options = ["iterations per user"]
    static let spacesArrivals = false

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        let iterations = decoder.iterations(text["iterations per user"])
        guard let users = decoder.userCount(text["users"]), let iterations else { return nil }
        return Self(users: users, iterations: iterations)
    }

    /// `users` and `iterations per user`.
    public var json: [JSONValue.Member] {
        [
            .init("users", .integer(Int64(users))),
            .init("iterations per user", .integer(Int64(iterations))),
        ]
    }
}

/// Users that stop after a number of iterations.
private final class PerUserPlan: UserPlan {
    let userCount: Int
    private let iterations: Int

    init(userCount: Int, iterations: Int) {
        self.userCount = userCount
        self.iterations = iterations
    }

    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool { completed < iterations }
}
