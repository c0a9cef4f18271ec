/// Users that share a number of iterations: whoever is free takes the next.
///
/// Each generator thread has iterations in proportion to its users; threads do not share.
final class SharedIterations: ClosedModel {
    let userCount: Int
    private var left: Int

    init(users: Int, iterations: Int, share: Shard.Share) {
        userCount = share.of(users)
        // The users of the shards before this one, so that the parts add up to the whole.
        let before = (0..<share.index).reduce(0) {
            $0 + Shard.Share(index: $1, count: share.count).of(users)
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
