extension JSONValue {
    /// The value of an object's member; `nil` if there is none, or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.isExactly(name) }?.value
    }

    /// The text of a string, `nil` for anything else.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The value of an integer, `nil` for anything else.
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The nearest value of a number; `nil` if it is beyond what a `Double` can be, or this is no
    /// number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .numeral(let value): value.double
        default: nil
        }
    }

    /// A number of any kind as it is spelled; `nil` if this is no number.
    public var numeral: JSONNumeral? {
        switch self {
        case .integer(let value): JSONNumeral(value)
        case .number(let value): JSONNumeral(value)
        case .numeral(let value): value
        default: nil
        }
    }

    /// The value of a boolean, `nil` for anything else.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of an array, `nil` for anything else.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object, `nil` for anything else.
    public var object: [Member]? { if case .object(let value) = self { value } else { nil } }
}
