/// A JSON value; an object keeps its members in the order written.
public enum JSONValue: Sendable, Equatable {
    /// null
    case null
    /// true or false
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// A number that was measured or calculated; one that is not finite is written as null.
    case number(Double)
    /// Any other number that was read, as it was spelled.
    case numeral(JSONNumeral)
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

        /// The same name, to the code point, and an equal value.
        public static func == (left: Member, right: Member) -> Bool {
            left.name.isExactly(right.name) && left.value == right.value
        }
    }
}

extension JSONValue {
    /// Equal as JSON has it: an object in any order of its members, strings by their code points,
    /// numbers by their values without any rounding, so that `1` and `1.0` are equal.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.string(let one), .string(let other)): one.isExactly(other)
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): areSame(one, other)
        default:
            if let one = left.numeral, let other = right.numeral { one == other } else { false }
        }
    }

    private static func areSame(_ left: [Member], _ right: [Member]) -> Bool {
        guard left.count == right.count else { return false }
        if left == right { return true }
        let values = Dictionary(
            right.map { (ExactText($0.name), $0.value) }, uniquingKeysWith: { $1 })
        return left.allSatisfy { values[ExactText($0.name)] == $0.value }
    }

    /// Whether this number is below another, by their values without any rounding; `nil` if one of
    /// them is no number.
    public func isBelow(_ other: JSONValue) -> Bool? {
        if case .integer(let one) = self, case .integer(let other) = other { return one < other }
        if let one = double, let other = other.double, one != other { return one < other }
        guard let one = numeral, let other = other.numeral else { return nil }
        return one.isBelow(other)
    }
}
