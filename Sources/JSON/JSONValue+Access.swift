extension JSONValue {
    /// The value of an object's member; absent where there is none, or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        // Swift takes letters that look alike for the same text; JSON compares what is written.
        return members.first { $0.name == name && $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The text of a string, absent for anything else.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The value of an integer, absent for anything else.
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The value of a number of either kind, absent for anything else.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of a boolean, absent for anything else.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of an array, absent for anything else.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The members of an object, absent for anything else.
    public var object: [Member]? { if case .object(let value) = self { value } else { nil } }
}
