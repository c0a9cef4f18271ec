public import JSON

/// Closed model, `users: 64`: each virtual user begins its next iteration when the last ended.
public struct ConstantUsers: ClosedModel {
    /// How many users there are.
    public var users: Int

    /// A number of users.
    public init(_ users: Int) { self.users = users }

    /// All of them.
    public var maximumUsers: Int? { users }

    /// They all begin with the phase, and go on to its end.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? {
        ConstantPlan(userCount: share.of(users), ignoresDelays: false)
    }
}

extension ConstantUsers: WrittenModel {
    static let keys = ["users"]
    static let spacesArrivals = false

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        decoder.userCount(text["users"]).map { Self($0) }
    }

    /// `users`.
    public var json: [JSONValue.Member] { [.init("users", .integer(Int64(users)))] }
}

/// Users that all begin with the phase, and go on to its end.
final class ConstantPlan: UserPlan {
    let userCount: Int
    let ignoresDelays: Bool

    init(userCount: Int, ignoresDelays: Bool) {
        self.userCount = userCount
        self.ignoresDelays = ignoresDelays
    }
}
