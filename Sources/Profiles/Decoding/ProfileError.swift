/// Every mistake of a profile at once.
public struct ProfileError: Error, Sendable, CustomStringConvertible {
    /// One mistake: where, what, what is allowed, and what was perhaps meant.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The file, or `--set KEY` for a value from the command line.
        public var file: String
        /// The line, from 1; 0 if there is none.
        public var line: Int
        /// The column, from 1.
        public var column: Int
        /// What is wrong with which value, and what is allowed.
        public var message: String

        /// The place and the message on one line.
        public var description: String {
            line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
        }
    }

    /// The mistakes, in the order of the file; at least one.
    public let problems: [Problem]

    /// One mistake of a file that a profile names.
    public init(file: String, line: Int, message: String) {
        problems = [Problem(file: file, line: line, column: 1, message: message)]
    }

    init(problems: [Problem]) { self.problems = problems }

    /// A line for each mistake.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
