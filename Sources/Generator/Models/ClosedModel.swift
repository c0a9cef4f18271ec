import Profiles

/// When the users of a closed phase begin iterations; one shard's part, confined to its loop.
protocol ClosedModel: AnyObject {
    /// The users of this shard.
    var userCount: Int { get }

    /// Whether think time and pacing are left out.
    var ignoresDelays: Bool { get }

    /// When a user begins its first iteration, in nanoseconds from the start of the phase.
    func begin(of user: Int) -> UInt64

    /// Whether a user begins its next iteration, `elapsed` nanoseconds into the phase; asked once
    /// before each of them.
    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool
}

extension ClosedModel {
    var ignoresDelays: Bool { false }
    func begin(of user: Int) -> UInt64 { 0 }
    func begins(_ user: Int, completed: Int, elapsed: UInt64) -> Bool { true }
}

extension Shard.Share {
    /// This share of a closed phase; `nil` for the open model.
    func closedModel(of phase: Phase) -> (any ClosedModel)? {
        switch phase.model {
        case .constantUsers(let users): ConstantUsers(users: of(users))
        case .rampingUsers(let from, let to):
            RampingUsers(from: from, to: to, over: phase.duration.nanoseconds, share: self)
        case .perUserIterations(let users, let iterations):
            PerUserIterations(users: of(users), iterations: iterations)
        case .sharedIterations(let users, let iterations):
            SharedIterations(users: users, iterations: iterations, share: self)
        case .asFastAsPossible(let users): AsFastAsPossible(users: of(users))
        case .constantArrivalRate, .rampingArrivalRate, .spike, .sine, .replay: nil
        }
    }
}
