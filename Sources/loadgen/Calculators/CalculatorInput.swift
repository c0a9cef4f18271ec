import ArgumentParsing

/// The values of a calculator's flags, each checked against its range.
struct CalculatorInput {
    private let calculator: Calculator
    private let arguments: Arguments

    init(_ calculator: Calculator, _ arguments: Arguments) {
        self.calculator = calculator
        self.arguments = arguments
    }

    /// A value that the calculator cannot do without.
    func wanted<Value>(_ flag: String, _ value: Value?) throws(UsageError) -> Value {
        guard let value else {
            let example =
                StatsCommand.syntax.examples.first { $0.contains(" \(calculator.rawValue) ") } ?? ""
            throw UsageError("\(calculator.rawValue) wants \(flag), as in: \(example)")
        }
        return value
    }

    /// A share above 0 and below 1.
    func share(_ flag: String) throws(UsageError) -> Double? { try arguments.share(flag) }

    /// The one-sided confidence of every bound; 95 % unless given.
    func confidence() throws(UsageError) -> Double { try arguments.confidence() }

    /// A whole number in a range; separators are allowed.
    func whole(_ flag: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        try arguments.number(flag, in: range)
    }

    /// Requests a second.
    func rate(_ flag: String) throws(UsageError) -> Double? { try arguments.rate(flag) }

    /// Seconds.
    func duration(_ flag: String) throws(UsageError) -> Double? { try arguments.duration(flag) }
}
