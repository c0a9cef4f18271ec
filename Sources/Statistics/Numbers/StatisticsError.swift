/// Data that no statistic can be made of.
public struct StatisticsError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with them.
    public enum Code: Sendable, Equatable {
        /// A value is not a finite number.
        case notFinite
        /// A value is not above 0.
        case notPositive
        /// Places do not increase strictly.
        case notIncreasing
        /// Two columns differ in length.
        case unequalLengths
    }

    /// What is wrong.
    public let code: Code
    /// What happened, with the value and its place.
    public let message: String
    /// What to do.
    public let hint: String

    /// Message and hint.
    public var description: String { "\(message); \(hint)" }

    static func notFinite(_ value: Double, at index: Int) -> StatisticsError {
        StatisticsError(
            code: .notFinite, message: "value \(index) is \(value), which is no number",
            hint: "leave the sample out where it is taken, and count it as lost")
    }

    static func notPositive(_ value: Double, at index: Int) -> StatisticsError {
        StatisticsError(
            code: .notPositive,
            message: "value \(index) is \(value), and ratios need values above 0",
            hint: "compare a figure that is never 0")
    }

    static func notIncreasing(at index: Int) -> StatisticsError {
        StatisticsError(
            code: .notIncreasing, message: "place \(index) is not above the one before it",
            hint: "a restart or a clock step lies in between; judge each side by itself")
    }

    static func unequalLengths(_ first: Int, _ second: Int) -> StatisticsError {
        StatisticsError(
            code: .unequalLengths, message: "\(first) values stand against \(second)",
            hint: "give one of each for every observation")
    }
}
