public import JSON

/// Who decides when a request is due: the schedule (open model) or the last answer (closed model).
///
/// A model is one file: what it is made of, how it is written (`LoadNotation`), and what it plans.
/// It is an `OpenModel` or a `ClosedModel`, and stands in `LoadNotations.all`.
public protocol LoadModel: Sendable, Equatable {
    /// Its keys in a phase of the profile's YAML.
    var json: [JSONValue.Member] { get }

    /// The highest rate of arrivals; `nil` for the closed model.
    ///
    /// A recording's is not known before it is read, and is given as 0.
    var highestRate: Rate? { get }

    /// How arrivals are spaced; `nil` for the closed model and for a recording.
    var arrivals: Arrivals? { get }

    /// The expected arrivals of a phase; `nil` for the closed model and for a recording.
    func intensity(in phase: Phase) -> (any Intensity)?

    /// The most users at once; `nil` for the open model.
    var maximumUsers: Int? { get }

    /// When the users of one share begin iterations in a phase of `length`; `nil` for the open
    /// model.
    func users(of share: LoadShare, over length: Duration) -> (any UserPlan)?

    /// Whether the load is the same all through the phase, whatever the target does.
    var isSteady: Bool { get }

    /// The recording that its arrivals are taken from; `nil` if they follow a rate, or users.
    var recording: Replay? { get }

    /// The model with everything in it that takes time `factor` times as long.
    func stretched(by factor: Double) -> Self
}

extension LoadModel {
    /// Whether due times come from the schedule, whatever the target does.
    public var isOpen: Bool { highestRate != nil }

    /// Most models have none.
    public var recording: Replay? { nil }

    /// Most models change, or wait for answers.
    public var isSteady: Bool { false }

    /// Most models have no times of their own.
    public func stretched(by factor: Double) -> Self { self }

    func isEqual(to other: any LoadModel) -> Bool { (other as? Self) == self }
}

/// A model whose due times come from the schedule.
public protocol OpenModel: LoadModel {}

extension OpenModel {
    /// It has none.
    public var maximumUsers: Int? { nil }
    /// It has none.
    public func users(of share: LoadShare, over length: Duration) -> (any UserPlan)? { nil }
}

/// A model of virtual users, whose next iteration begins after the last.
public protocol ClosedModel: LoadModel {}

extension ClosedModel {
    /// It has none.
    public var highestRate: Rate? { nil }
    /// It has none.
    public var arrivals: Arrivals? { nil }
    /// It has none.
    public func intensity(in phase: Phase) -> (any Intensity)? { nil }
}

/// How arrivals of the open model are spaced.
public enum Arrivals: String, Sendable, Equatable, CaseIterable {
    /// Evenly: the next is due after the reciprocal of the rate.
    case constant
    /// As independent users come: exponential gaps with the rate as their mean.
    case poisson

    /// The key of a phase that says so.
    var json: JSONValue.Member { .init("arrivals", .string(rawValue)) }
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
