/// How a request ended, or why it was never sent.
public enum Outcome: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    /// Answered in time, and right by the contract or by what the step expects.
    case ok
    /// Answered with another status than the contract or the step allows.
    case wrongStatus = "wrong_status"
    /// Answered with a body or a content type that breaks the contract, or without a value to save.
    case wrongContent = "wrong_content"
    /// Answered right, and later than the step's own bound.
    case tooSlow = "too_slow"
    /// Answered with something that is not HTTP, or larger than the limit.
    case malformed
    /// Not answered within the timeout.
    case timeout
    /// No connection could be made.
    case refused
    /// The connection broke before the answer was whole.
    case reset
    /// In flight when the run ended, after the graceful stop.
    case unfinished
    /// An arrival at the in-flight cap; never sent.
    case dropped
    /// Answered with more than the run's memory had room for, which the profile limits.
    case overBudget = "over_budget"

    /// Whether it counts against the target; everything but `ok`.
    public var isFailure: Bool { self != .ok }

    /// Whether the target was asked and gave no whole answer.
    public var isUnanswered: Bool {
        switch self {
        case .timeout, .refused, .reset: true
        case .ok, .wrongStatus, .wrongContent, .tooSlow, .malformed, .unfinished, .dropped,
            .overBudget:
            false
        }
    }

    /// Whether a whole answer in HTTP came in time, so that its status tells something.
    public var wasAnswered: Bool {
        switch self {
        case .ok, .wrongStatus, .wrongContent, .tooSlow: true
        case .malformed, .timeout, .refused, .reset, .unfinished, .dropped, .overBudget: false
        }
    }
}
