/// The header fields of one answer, in one buffer that is reused; names in lower case.
///
/// A lane appends a field's name and value, each in one part or more, and ends it. Confined to
/// the loop of its exchange.
public struct HeaderFields {
    private struct Field {
        let nameStart: Int
        let valueStart: Int
        let valueEnd: Int
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []
    private var nameStart = 0
    private var valueStart = -1

    /// Memory above this is given back when the answer is done with.
    static let maximumReusedBytes = 16 << 10

    /// No fields.
    public init() {}

    /// The memory that it has, in bytes.
    var memoryBytes: Int { bytes.capacity + fields.capacity * MemoryLayout<Field>.stride }

    /// How many fields there are.
    public var count: Int { fields.count }

    /// Forgets every field; keeps the memory.
    public mutating func removeAll() {
        if !bytes.isEmpty { bytes.removeAll(keepingCapacity: true) }
        if !fields.isEmpty { fields.removeAll(keepingCapacity: true) }
        nameStart = 0
        valueStart = -1
    }

    /// Takes the next part of a field's name.
    public mutating func appendName(_ part: UnsafeRawBufferPointer) {
        for byte in part {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            bytes.append(isUpper ? byte | 0x20 : byte)
        }
    }

    /// Takes the next part of its value.
    public mutating func appendValue(_ part: UnsafeRawBufferPointer) {
        if valueStart < 0 { valueStart = bytes.count }
        bytes.append(contentsOf: part)
    }

    /// Ends the field, which may have no value; white space at the end of the value goes.
    public mutating func endField() {
        if valueStart < 0 { valueStart = bytes.count }
        var end = bytes.count
        while end > valueStart, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == 9 {
            end -= 1
        }
        fields.append(Field(nameStart: nameStart, valueStart: valueStart, valueEnd: end))
        nameStart = bytes.count
        valueStart = -1
    }

    /// The bytes of a field's value by its place, from 0.
    public func value(at index: Int) -> ArraySlice<UInt8> {
        bytes[fields[index].valueStart..<fields[index].valueEnd]
    }

    /// Whether the field at a place has this name, given in lower case.
    public func isNamed(_ name: [UInt8], at index: Int) -> Bool {
        let field = fields[index]
        return bytes[field.nameStart..<field.valueStart].elementsEqual(name)
    }

    /// The place of the first field of a name, given in lower case; `nil` if there is none.
    public func firstIndex(of name: [UInt8]) -> Int? {
        fields.indices.first { isNamed(name, at: $0) }
    }
}

extension HeaderFields {
    /// The first field of a name, given in lower case, as text; `nil` if there is none.
    public func text(of name: [UInt8]) -> String? {
        firstIndex(of: name).map { String(decoding: value(at: $0), as: UTF8.self) }
    }
}
