/// The beginning of a body, for a message.
public enum Excerpt {
    private static let maximumBytes = 200
    /// Stands at the end of a text that was cut, so that the beginning of a secret there is known
    /// as one.
    public static let cutMark = "…"

    /// The first 200 bytes as text, with `…` if there are more.
    public static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count > maximumBytes else { return String(decoding: bytes, as: UTF8.self) }
        // Not through a character: bytes of 10xxxxxx go on with one.
        var end = maximumBytes
        while end > maximumBytes - 4, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self) + cutMark
    }
}
