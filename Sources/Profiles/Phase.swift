/// A stretch of the load with one model; phases follow one another.
public struct Phase: Sendable, Equatable {
    /// The name as written; unique in the profile.
    public var name: String
    /// Who decides when the next request is due.
    public var model: LoadModel
    /// How long arrivals go on; above zero.
    public var duration: Duration
    /// False for a warm-up: its samples are kept as evidence and never judged.
    ///
    /// Written `judged: false`; a phase named `warm up`, `warm-up` or `warmup` is not judged
    /// unless it
    /// says `judged: true`.
    public var isJudged: Bool

    /// A phase from its parts.
    public init(name: String, model: LoadModel, duration: Duration, isJudged: Bool = true) {
        self.name = name
        self.model = model
        self.duration = duration
        self.isJudged = isJudged
    }
}

/// Who decides when a request is due: the schedule (open model) or the last answer (closed model).
public enum LoadModel: Sendable, Equatable {
    /// Open model, `rate: 1000/s`: arrivals at one rate.
    case constantArrivalRate(Rate, Arrivals)
    /// Open model, `from: 0/s` with `to: 1000/s`: the rate changes linearly over the phase.
    case rampingArrivalRate(from: Rate, to: Rate, Arrivals)
    /// Closed model, `users: 64`: each virtual user sends its next request when the last is
    /// answered.
    case constantUsers(Int)
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
