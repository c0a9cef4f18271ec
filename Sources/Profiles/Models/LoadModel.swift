/// Who decides when a request is due: the schedule (open model) or the last answer (closed model).
public enum LoadModel: Sendable, Equatable {
    /// Open model, `rate: 1000/s`: arrivals at one rate.
    case constantArrivalRate(Rate, Arrivals)
    /// Open model, `from: 0/s` with `to: 1000/s`: the rate changes linearly over the phase.
    case rampingArrivalRate(from: Rate, to: Rate, Arrivals)
    /// Open model, `spike`: a base rate with one peak in it.
    case spike(Spike, Arrivals)
    /// Open model, `sine`: the rate swings around a mean.
    case sine(Sine, Arrivals)
    /// Open model, `replay`: the offsets of a recording.
    case replay(Replay)
    /// Closed model, `users: 64`: each virtual user begins its next iteration when the last ended.
    case constantUsers(Int)
    /// Closed model, `users: { from: 1, to: 64 }`: users come, or go, evenly over the phase.
    case rampingUsers(from: Int, to: Int)
    /// Closed model, `users` with `iterations per user`.
    case perUserIterations(users: Int, iterations: Int)
    /// Closed model, `users` with `iterations`, which they share.
    case sharedIterations(users: Int, iterations: Int)
    /// Closed model, `as fast as possible: 64`: constant users without think time and pacing.
    case asFastAsPossible(users: Int)
}

extension LoadModel {
    /// Whether due times come from the schedule, whatever the target does.
    public var isOpen: Bool { highestRate != nil }

    /// The highest rate of arrivals; `nil` for the closed model.
    ///
    /// A recording's is not known before it is read, and is given as 0.
    public var highestRate: Rate? {
        switch self {
        case .constantArrivalRate(let rate, _): rate
        case .rampingArrivalRate(let from, let to, _): max(from, to)
        case .spike(let spike, _): max(spike.base, spike.peak)
        case .sine(let sine, _):
            Rate(perSecond: sine.mean.perSecond + sine.amplitude.perSecond)
        case .replay: Rate(perSecond: 0)
        case .constantUsers, .rampingUsers, .perUserIterations, .sharedIterations,
            .asFastAsPossible:
            nil
        }
    }

    /// The most users at once; `nil` for the open model.
    public var maximumUsers: Int? {
        switch self {
        case .constantUsers(let users), .perUserIterations(let users, _),
            .sharedIterations(let users, _), .asFastAsPossible(let users):
            users
        case .rampingUsers(let from, let to): max(from, to)
        default: nil
        }
    }
}

/// A base rate with one peak: it rises, holds and falls within the phase.
public struct Spike: Sendable, Equatable {
    /// The rate outside the peak.
    public var base: Rate
    /// The rate at the peak.
    public var peak: Rate
    /// When the rise begins, from the start of the phase.
    public var begin: Duration
    /// How long the rate rises; 0 for at once.
    public var rise: Duration
    /// How long the peak holds.
    public var hold: Duration
    /// How long the rate falls; 0 for at once.
    public var fall: Duration

    /// From the beginning of the rise to the end of the fall.
    public var length: Duration { rise + hold + fall }
}

/// A rate that swings around a mean, beginning there and rising first.
public struct Sine: Sendable, Equatable {
    /// The middle.
    public var mean: Rate
    /// The most that the rate differs from it; at most the mean.
    public var amplitude: Rate
    /// From one rise to the next.
    public var period: Duration
}

/// A recorded schedule.
public struct Replay: Sendable, Equatable {
    /// A file with a column of offsets, or the folder of an earlier run.
    public var path: String
    /// How much faster than recorded; 1 where it is missing.
    public var speed: Double
}

/// How arrivals of the open model are spaced.
public enum Arrivals: String, Sendable, Equatable, CaseIterable {
    /// Evenly: the next is due after the reciprocal of the rate.
    case constant
    /// As independent users come: exponential gaps with the rate as their mean.
    case poisson
}

/// A number of events a second; 0 or above, finite.
public struct Rate: Sendable, Equatable, Comparable {
    /// Events a second.
    public var perSecond: Double

    /// A rate of `perSecond` events a second.
    public init(perSecond: Double) {
        precondition(perSecond >= 0 && perSecond.isFinite, "rate \(perSecond)")
        self.perSecond = perSecond
    }

    /// Orders by events a second.
    public static func < (left: Rate, right: Rate) -> Bool { left.perSecond < right.perSecond }
}

/// How closely the generator keeps to due times.
public enum Pacing: String, Sendable, Equatable, CaseIterable {
    /// Every arrival is served at its own time.
    case precise
    /// Arrivals that are due within 0.5 ms are served together, at the end of that time: less CPU,
    /// and the wait is counted as lag.
    case economical
}
