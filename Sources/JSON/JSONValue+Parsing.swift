import CJansson

extension JSONValue {
    /// Reads one JSON value: UTF-8, no member twice, nothing after it, numbers within range.
    ///
    /// - Parameters:
    ///   - bytes: the text; O(n).
    ///   - maximumDepth: how many arrays and objects may enclose a value; checked before parsing.
    /// - Throws: `JSONError` with the place.
    public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64) throws(JSONError) {
        let bytes = Array(bytes)
        try Self.checkDepth(bytes, most: maximumDepth)
        var error = json_error_t()
        let root = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                json_loadb(
                    text.baseAddress, text.count,
                    Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL), &error)
            }
        }
        guard let root else {
            throw JSONError(
                message: Self.text(of: &error), line: Int(error.line), column: Int(error.column))
        }
        // json_decref is inline in C; the reference is released through the same call it makes.
        defer { jansson_release(root) }
        self.init(root)
    }

    private static func text(of error: inout json_error_t) -> String {
        withUnsafeBytes(of: &error.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Counts brackets outside of strings, so that a deep text is refused without recursion.
    private static func checkDepth(_ bytes: [UInt8], most: Int) throws(JSONError) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                guard depth <= most else {
                    let (line, column) = place(of: index, in: bytes)
                    throw JSONError(
                        message: "nested deeper than \(most) levels", line: line, column: column)
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
    }

    /// The line and the column of a byte, both from 1.
    private static func place(of index: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let newLine = UInt8(ascii: "\n")
        let before = bytes[..<index]
        let begin = before.lastIndex(of: newLine).map { $0 + 1 } ?? 0
        return (before.count { $0 == newLine } + 1, index - begin + 1)
    }

    private init(_ node: UnsafeMutablePointer<json_t>) {
        switch node.pointee.type {
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        case JSON_INTEGER: self = .integer(Int64(json_integer_value(node)))
        case JSON_REAL: self = .number(json_real_value(node))
        case JSON_STRING:
            let count = json_string_length(node)
            let bytes = UnsafeRawBufferPointer(start: json_string_value(node), count: count)
            self = .string(String(decoding: bytes, as: UTF8.self))
        case JSON_ARRAY:
            self = .array(
                (0..<json_array_size(node)).compactMap { index in
                    json_array_get(node, index).map { JSONValue($0) }
                })
        case JSON_OBJECT:
            var members: [Member] = []
            var iterator = json_object_iter(node)
            while let place = iterator {
                if let key = json_object_iter_key(place), let value = json_object_iter_value(place)
                {
                    members.append(Member(String(cString: key), JSONValue(value)))
                }
                iterator = json_object_iter_next(node, place)
            }
            self = .object(members)
        default: self = .null
        }
    }
}
