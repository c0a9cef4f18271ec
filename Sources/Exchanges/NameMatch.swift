/// Tells a header field by its name, which may come in parts.
public struct NameMatch {
    private let name: StaticString
    /// How much of the name has come; -1 where it is another.
    private var matched = 0

    /// A match of a name in lower case.
    public init(_ name: StaticString) { self.name = name }

    /// Whether all of the name has come, and no more.
    public var isWhole: Bool { matched == name.utf8CodeUnitCount }

    /// Gets ready for the next field.
    public mutating func begin() { matched = 0 }

    /// Takes the next part of a field's name.
    public mutating func take(_ part: UnsafeRawBufferPointer) {
        for byte in part where matched >= 0 {
            matched = isWhole || name.utf8Start[matched] != byte | 0x20 ? -1 : matched + 1
        }
    }
}
