/// A value in a row.
enum SQLValue: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case null

    /// The text, empty for anything else.
    var text: String { if case .text(let text) = self { text } else { "" } }
    /// The integer, 0 for anything else.
    var integer: Int64 { if case .integer(let integer) = self { integer } else { 0 } }
    /// The text, `nil` for NULL.
    var optionalText: String? { if case .text(let text) = self { text } else { nil } }
}

extension SQLValue: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .text(value) }
}
