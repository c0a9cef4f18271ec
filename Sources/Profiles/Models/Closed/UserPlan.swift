/// When the users of a closed phase begin iterations; one share's part, used by one thread.
public protocol UserPlan: AnyObject {
    /// The users of this share.
    var userCount: Int { get }

    /// Whether think time and pacing are left out.
    var ignoresDelays: Bool { get }

    /// When a user begins its first iteration, in nanoseconds from the start of the phase.
    func begin(of user: Int) -> UInt64

    /// Whether a user begins its next iteration, `elapsed` nanoseconds into the phase; asked once
    /// before each of them.
    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool
}

extension UserPlan {
    /// Most users think.
    public var ignoresDelays: Bool { false }
    /// Most users begin with the phase.
    public func begin(of user: Int) -> UInt64 { 0 }
    /// Most users go on to the end of the phase.
    public func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool { true }
}
