/// Finds the end of a request's head, and refuses what two servers could read in two ways: a bare
/// LF or CR, control characters, a folded line.
struct HeadScanner {
    enum Finding: Equatable {
        case incomplete
        /// The head ends after this many bytes.
        case end(Int)
        case wrong(String)
    }

    private var scanned = 0
    private var lineStart = 0
    /// Whether the present line's field name has ended.
    private var isInValue = true

    /// Looks at the bytes that have come since the last call; `bytes` begins where the head does.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Finding {
        while scanned < bytes.count {
            let index = scanned
            let byte = bytes[index]
            scanned += 1
            if index > 0, bytes[index - 1] == Self.carriageReturn, byte != Self.lineFeed {
                return .wrong("a carriage return without a line feed")
            }
            if byte == Self.lineFeed {
                guard index > 0, bytes[index - 1] == Self.carriageReturn else {
                    return .wrong("a line feed without a carriage return")
                }
                if index - lineStart == 1, lineStart > 0 { return .end(index + 1) }
                lineStart = index + 1
                isInValue = false
                continue
            }
            if index == lineStart, index > 0, byte == Self.space || byte == Self.tab {
                return .wrong("a folded header line")
            }
            if byte == Self.colon { isInValue = true }
            if !isInValue, byte == Self.space || byte == Self.tab {
                return .wrong("a space in the name of a field")
            }
            if byte < Self.space, byte != Self.carriageReturn, byte != Self.tab {
                return .wrong("a control character in the head")
            }
            if byte == Self.delete { return .wrong("a control character in the head") }
        }
        return .incomplete
    }

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
    private static let colon = UInt8(ascii: ":")
    private static let delete: UInt8 = 0x7f
}
