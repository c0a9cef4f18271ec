extension JSONValue {
    /// The value as compact JSON.
    public var text: String {
        var output: [UInt8] = []
        write(to: &output, indent: nil)
        return String(decoding: output, as: UTF8.self)
    }

    /// The value as JSON with a line for each member and element.
    public var prettyText: String {
        var output: [UInt8] = []
        write(to: &output, indent: 0)
        return String(decoding: output, as: UTF8.self) + "\n"
    }

    private func write(to output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .number(let value):
            // JSON has no infinity and no NaN: a figure that is not known.
            output += (value.isFinite ? String(value) : "null").utf8
        case .numeral(let value): output += value.text.utf8
        case .string(let value): Self.write(value, to: &output)
        case .array(let elements):
            Self.writeList(elements, "[", "]", to: &output, indent: indent) {
                element, output, inner in
                element.write(to: &output, indent: inner)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", to: &output, indent: indent) {
                member, output, inner in
                Self.write(member.name, to: &output)
                output += (inner == nil ? ":" : ": ").utf8
                member.value.write(to: &output, indent: inner)
            }
        }
    }

    private static func writeList<Element>(
        _ list: [Element], _ open: String, _ close: String, to output: inout [UInt8], indent: Int?,
        _ writeOne: (Element, inout [UInt8], Int?) -> Void
    ) {
        func newLine(_ depth: Int) {
            output.append(UInt8(ascii: "\n"))
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
        }
        output += open.utf8
        for (index, element) in list.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let indent { newLine(indent + 1) }
            writeOne(element, &output, indent.map { $0 + 1 })
        }
        if let indent, !list.isEmpty { newLine(indent) }
        output += close.utf8
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case UInt8(ascii: "\n"): output += "\\n".utf8
            case UInt8(ascii: "\t"): output += "\\t".utf8
            case 0..<0x20:
                output += "\\u00".utf8
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
