public import JSON
import YAML

/// Closed model, `users: { from: 1, to: 64 }`: users come, or go, evenly over the phase.
public struct RampingUsers: ClosedModel {
    /// How many there are at the start of the phase.
    public var from: Int
    /// How many there are at its end.
    public var to: Int

    /// The larger of its ends.
    public var maximumUsers: Int? { max(from, to) }

    /// Those of all shares change together.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? {
        RampingPlan(from: from, to: to, over: length.nanoseconds, share: share)
    }
}

extension RampingUsers: WrittenModel {
    static let keys = ["users"]
    static let spacesArrivals = false

    static func isMeant(by text: PhaseText) -> Bool { text["users"]?.entries != nil }

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        guard let users = text["users"] else { return nil }
        let options = SharedIterations.options + PerUserIterations.options
        let iterations = options.compactMap { decoder.iterations(text[$0]) }
        decoder.check(users, "users", keys: ["from", "to"])
        let count = { (text: String) in
            Int(text).flatMap { (0...100_000).contains($0) ? $0 : nil }
        }
        let form = "a whole number from 0 to 100000"
        let from = decoder.value(users["from"], form, count)
        let to = decoder.value(users["to"], form, count)
        guard let from, let to, max(from, to) > 0 else {
            decoder.problems.add(
                users.position, "users: { from: 1, to: 64 } needs both, one above 0")
            return nil
        }
        if !iterations.isEmpty {
            decoder.problems.add(users.position, "iterations go with users: a number")
        }
        return Self(from: from, to: to)
    }

    /// `users`.
    public var json: [JSONValue.Member] {
        let ends: [JSONValue.Member] = [
            .init("from", .integer(Int64(from))), .init("to", .integer(Int64(to))),
        ]
        return [.init("users", .object(ends))]
    }
}

/// When users come, or go.
private final class RampingPlan: UserPlan {
    let userCount: Int
    private let from: Int
    private let to: Int
    private let length: UInt64
    private let share: LoadShare

    init(from: Int, to: Int, over length: UInt64, share: LoadShare) {
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
