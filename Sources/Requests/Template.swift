/// Bytes with slots in them: a request, or a text that an answer is compared with.
///
/// A class with plain stretches, so that rendering takes two references, whatever the number of
/// slots.
package final class Template: Sendable {
    /// A stretch of fixed bytes, and the slot behind it.
    package struct Piece: Sendable, Equatable {
        package let start: Int
        package let end: Int
        package let slot: Slot
        package let encoding: ByteEncoding
    }

    /// What fills a slot.
    package enum Slot: Equatable, Sendable {
        /// Nothing: the end of the template.
        case none
        /// A value saved by an earlier step, by its index among the scenario's variables.
        case variable(Int)
        /// A column of the iteration's row of a feed, by their indices.
        case column(feed: Int, column: Int)
        case iteration
        case user
        case uuid
        /// From the least number on, so many numbers; 0 for all of 64 bits.
        case integer(least: Int64, count: UInt64)
        case string(Int)
        case timestamp
        case timestampMilliseconds
        case iso
        /// The key, the value and the mark of a checked step.
        case checkedKey
        case checkedValue
        case checkedNext
        /// The Cookie field of the user's jar, where it has a cookie.
        case cookies
        /// The length of what follows the empty line behind it.
        case contentLength
    }

    /// The digits of the value of a checked step.
    package static let checkedValueWidth = 16

    /// The fixed stretches, one behind the other.
    package let bytes: [UInt8]
    package let pieces: [Piece]
    /// The whole, where nothing varies.
    package let fixed: [UInt8]?
    /// Secrets as they are and as they stand in `bytes`, to be masked wherever a request is shown.
    package let secrets: [String]
    /// The digits of the length that are kept free: right for the shortest body.
    package let lengthWidth: Int

    /// What stands between the length and the body.
    package static let emptyLine = 4

    init(bytes: [UInt8], pieces: [Piece], secrets: [String]) {
        self.bytes = bytes
        self.pieces = pieces
        self.secrets = secrets
        let hole = pieces.firstIndex { $0.slot == .contentLength }
        lengthWidth =
            hole.map { hole in
                let least = pieces[(hole + 1)...].reduce(-Self.emptyLine) {
                    $0 + $1.end - $1.start + $1.slot.minimumWidth
                }
                return [UInt8].digitCount(UInt64(max(0, least)))
            } ?? 0
        let isFixed = pieces.allSatisfy { $0.slot == .none || $0.slot == .contentLength }
        var whole: [UInt8]?
        if isFixed {
            var output: [UInt8] = []
            var length: Int?
            for piece in pieces {
                output += bytes[piece.start..<piece.end]
                if piece.slot == .contentLength {
                    length = bytes.count - piece.end - Self.emptyLine
                    output += String(length ?? 0).utf8
                }
            }
            whole = output
        }
        fixed = whole
    }

    /// Whether a value of the iteration's own random numbers is drawn.
    package var isRandom: Bool {
        pieces.contains { piece in
            switch piece.slot {
            case .integer, .string: true
            default: false
            }
        }
    }
}

extension Template.Slot {
    /// The fewest bytes that it is filled with.
    fileprivate var minimumWidth: Int {
        switch self {
        case .iteration, .user, .integer: 1
        case .uuid: 36
        case .string(let count): count
        case .timestamp: 10
        case .timestampMilliseconds: 13
        case .iso: 24
        case .checkedValue: Template.checkedValueWidth
        case .none, .variable, .column, .cookies, .contentLength, .checkedKey, .checkedNext: 0
        }
    }
}
