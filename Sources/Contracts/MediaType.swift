/// A media type or a range of them, as `application/json`, `text/*` and `*/*`.
struct MediaType: Sendable, CustomStringConvertible {
    /// In lower case, without parameters.
    let description: String
    /// What stands before the `*` of a range; `nil` for one type.
    private let prefix: String?

    init(_ text: some StringProtocol) {
        let bare = Self.bare(text).lowercased()
        description = bare
        prefix = bare == "*/*" ? "" : bare.hasSuffix("/*") ? String(bare.dropLast()) : nil
    }

    /// Whether it stands for several types.
    var isRange: Bool { prefix != nil }

    /// Whether a body of it is JSON.
    var isJSON: Bool { description == "application/json" || description.hasSuffix("+json") }

    /// Whether a Content-Type field is of it, whatever the field's parameters.
    func isType(of field: String) -> Bool {
        if field == description { return true }
        let bare = Self.bare(field).lowercased()
        return prefix.map { bare.hasPrefix($0) } ?? (bare == description)
    }

    private static func bare<Text: StringProtocol>(_ text: Text) -> Text.SubSequence {
        text.prefix { $0 != ";" && $0 != " " }
    }
}
