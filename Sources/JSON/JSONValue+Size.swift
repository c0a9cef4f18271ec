extension JSONValue {
    /// The most memory that parsing a text may take at once, in bytes: the parser's tree, the value
    /// that is made of it, and a copy of the text for words about it.
    ///
    /// It is of the order of ten times the text; a text of nothing but empty objects comes to a
    /// hundred times its size.
    ///
    /// - Complexity: O(n), without parsing.
    public static func maximumBytes(parsing text: [UInt8]) -> Int {
        var total = 4 * text.count
        for byte in text {
            switch byte {
            case UInt8(ascii: ","): total += elementBytes
            case UInt8(ascii: ":"): total += memberBytes
            case UInt8(ascii: "["): total += arrayBytes
            case UInt8(ascii: "{"): total += objectBytes
            default: break
            }
        }
        return total
    }

    // What jansson 2.14 and this enumeration need of each, arrays half empty: measured.
    private static let elementBytes = 160
    private static let memberBytes = 256
    private static let arrayBytes = 256
    private static let objectBytes = 640
}
