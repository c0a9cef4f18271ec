public import JSON

/// Closed model, `as fast as possible: 64`: constant users without think time and pacing.
public struct AsFastAsPossible: ClosedModel {
    /// How many users there are.
    public var users: Int

    /// All of them.
    public var maximumUsers: Int? { users }

    /// They neither think nor keep a pace.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? {
        ConstantPlan(userCount: share.of(users), ignoresDelays: true)
    }
}

extension AsFastAsPossible: WrittenModel {
    static let keys = ["as fast as possible"]
    static let spacesArrivals = false

    static func read(_ text: PhaseText, by decoder: inout ProfileDecoder) -> Self? {
        decoder.userCount(text["as fast as possible"]).map { Self(users: $0) }
    }

    /// `as fast as possible`.
    public var json: [JSONValue.Member] {
        [.init("as fast as possible", .integer(Int64(users)))]
    }
}
