import FoundationEssentials
import JSON

/// The newest entries of the logbooks, in memory.
final class Logbooks: Sendable {
    private struct Entry: Sendable {
        let order: Int
        let json: JSONValue
    }

    private struct State: Sendable {
        var books: [String: [Entry]] = ["default": [], "system": []]
        var nextOrder = 0
    }

    private let state = Locked(State())
    private static let mostEntries = 1000

    func log(
        _ message: String, level: String = "info", to book: String = "default", pod: String? = nil
    ) {
        var members: [JSONValue.Member] = [
            .init("timestamp", .string(Date().ISO8601Format())), .init("level", .string(level)),
            .init("message", .string(message)),
        ]
        if let pod { members.append(.init("podId", .string(pod))) }
        state.withLock { state in
            state.nextOrder += 1
            let entry = Entry(order: state.nextOrder, json: .object(members))
            state.books[book, default: []].append(entry)
            // Twice the bound before a cut, so that the cost of cutting is spread.
            if state.books[book, default: []].count > 2 * Self.mostEntries {
                state.books[book]?.removeFirst(Self.mostEntries)
            }
        }
    }

    var names: [String] { state.withLock { $0.books.keys.sorted() } }

    /// The newest entries of a book, oldest first; absent where there is no such book.
    func entries(of book: String, most: Int) -> [JSONValue]? {
        state.withLock { $0.books[book]?.suffix(most).map(\.json) }
    }

    /// The newest entries of all books, oldest first.
    func entries(most: Int) -> [JSONValue] {
        state.withLock { state in
            state.books.values.flatMap { $0.suffix(most) }.sorted { $0.order < $1.order }.suffix(
                most
            )
            .map(\.json)
        }
    }
}
