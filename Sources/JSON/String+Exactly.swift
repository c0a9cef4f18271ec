extension String {
    /// Whether two texts are the same code points.
    ///
    /// Swift's `==` also takes texts that only look alike for the same, as one letter `é` and `e`
    /// with its accent behind it. JSON, and whatever else a target sends, compares what is written.
    public func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}

/// A text as the key of a dictionary or a set, by its code points: see `String.isExactly`.
public struct ExactText: Hashable, Sendable {
    /// The text.
    public let text: String

    /// A key from its text.
    public init(_ text: String) { self.text = text }

    /// The same code points.
    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    /// A hash of the bytes: that of a `String` is one for all texts that look alike, of which a
    /// target could send as many as it likes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
