/// A JSON value; an object keeps its members in the order written.
public enum JSONValue: Sendable, Equatable {
    /// null
    case null
    /// true or false
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; finite.
    case number(Double)
    /// A string of Unicode scalars.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object: its members in order, each name once.
    case object([Member])

    /// A name and its value in an object.
    public struct Member: Sendable, Equatable {
        /// The member's name.
        public var name: String
        /// The member's value.
        public var value: JSONValue

        /// A member from its parts.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// Equal as JSON has it: an object in any order of its members, `1` and `1.0` alike.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.integer(let one), .number(let other)), (.number(let other), .integer(let one)):
            Double(exactly: one) == other
        case (.string(let one), .string(let other)): one == other
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): areSame(one, other)
        default: false
        }
    }

    private static func areSame(_ left: [Member], _ right: [Member]) -> Bool {
        guard left.count == right.count else { return false }
        if left == right { return true }
        let values = Dictionary(
            right.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return left.allSatisfy { values[$0.name] == $0.value }
    }
}
