/// Users that come, or go, evenly over the phase.
final class RampingUsers: ClosedModel {
    let userCount: Int
    private let from: Int
    private let to: Int
    private let length: UInt64
    private let share: Shard.Share

    init(from: Int, to: Int, over length: UInt64, share: Shard.Share) {
        self.from = from
        self.to = to
        self.length = length
        self.share = share
        userCount = share.of(max(from, to))
    }

    /// When the number of users passes the middle of a user's own: its coming or its going.
    private func change(of user: Int) -> UInt64 {
        // Users are dealt to the shards in turn, so that all of them change together.
        let number = Double(user * share.count + share.index)
        let part = (number + 0.5 - Double(from)) / Double(to - from)
        return UInt64(max(0, part) * Double(length))
    }

    private func isThroughout(_ user: Int) -> Bool {
        user * share.count + share.index < min(from, to)
    }

    func begin(of user: Int) -> UInt64 {
        to <= from || isThroughout(user) ? 0 : change(of: user)
    }

    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool {
        to >= from || isThroughout(user) || elapsed < change(of: user)
    }
}
