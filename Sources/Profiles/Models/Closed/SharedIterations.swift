public import JSON
import YAML

/// Closed model, `users` with `iterations`, which they share: whoever is free takes the next.
///
/// Each generator thread has iterations in proportion to its users; threads do not share.
public struct SharedIterations: ClosedModel {
    /// How many users there are.
    public var users: Int
    /// What they do, all together.
    public var iterations: Int

    /// All of them.
    public var maximumUsers: Int? { users }

    /// Those of a share do its part of the iterations.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? {
        SharedPlan(users: users, iterations: iterations, share: share)
    }
}

extension SharedIterations: WrittenModel {
    static let keys = ["users"]
    static let options = ["iterations"]
    static let spacesArrivals = false

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        let iterations = decoder.iterations(text["iterations"])
        let perUser = PerUserIterations.options.compactMap { decoder.iterations(text[$0]) }
        guard let users = decoder.userCount(text["users"]), let iterations else { return nil }
        guard perUser.isEmpty else {
            if let position = text["users"]?.position {
                decoder.problems.add(position, "iterations are shared or per user, not both")
            }
            return nil
        }
        return Self(users: users, iterations: iterations)
    }

    /// `users` and `iterations`.
    public var json: [JSONValue.Member] {
        [
            .init("users", .integer(Int64(users))),
            .init("iterations", .integer(Int64(iterations))),
        ]
    }
}

/// What is left of one share's iterations.
private final class SharedPlan: UserPlan {
    let userCount: Int
    private var left: Int

    init(users: Int, iterations: Int, share: LoadShare) {
        userCount = share.of(users)
        // The users of the shares before this one, so that the parts add up to the whole.
        let before = (0..<share.index).reduce(0) {
            $0 + LoadShare(index: $1, count: share.count).of(users)
        }
        func upTo(_ count: Int) -> Int {
            let (high, low) = iterations.multipliedFullWidth(by: count)
            return users.dividingFullWidth((high, low)).quotient
        }
        left = upTo(before + userCount) - upTo(before)
    }

    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
