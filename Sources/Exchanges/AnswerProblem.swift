public import Measurements

/// Why an answer is not taken as it comes: its outcome, and a sentence for it.
public struct AnswerProblem: Sendable, Equatable {
    /// The outcome; never `ok`.
    public var outcome: Outcome
    /// What is wrong, in words that all answers with the same fault share.
    public var detail: String

    /// A problem from its parts.
    public init(_ outcome: Outcome, _ detail: String) {
        self.outcome = outcome
        self.detail = detail
    }

    /// What came is not HTTP, or not what it says that it is.
    public static func malformed(_ detail: String) -> AnswerProblem {
        AnswerProblem(.malformed, detail)
    }

    /// What came has no room in the memory that the run may use.
    public static let overBudget = AnswerProblem(
        .overBudget, "no room in the run's memory; raise limits.memory")

    /// The body is larger than any that is taken.
    public static let bodyTooLarge = malformed(
        "a body of more than \(Exchange.maximumBodyBytes) bytes")
}
