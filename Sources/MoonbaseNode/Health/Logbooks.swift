import FoundationEssentials
import JSON

/// The newest entries of the logbooks, in memory; each goes to the node's log as well.
final class Logbooks: Sendable {
    private struct Entry: Sendable {
        let order: Int
        let seconds: Double
        let level: String
        let message: String
        let pod: String?

        var json: JSONValue {
            var members: [JSONValue.Member] = [
                .init("timestamp", .string(JobRecord.text(seconds))),
                .init("level", .string(level)), .init("message", .string(message)),
            ]
            if let pod { members.append(.init("podId", .string(pod))) }
            return .object(members)
        }
    }

    /// A ring of the newest entries.
    private struct Book: Sendable {
        private var entries: [Entry] = []
        private var next = 0

        mutating func add(_ entry: Entry) {
            if entries.count < Logbooks.maximumEntries {
                entries.append(entry)
            } else {
                entries[next] = entry
            }
            next = (next + 1) % Logbooks.maximumEntries
        }

        /// The newest entries, oldest first.
        func newest(_ most: Int) -> [Entry] {
            let ordered =
                entries.count < Logbooks.maximumEntries
                ? entries[...] : entries[next...] + entries[..<next]
            return Array(ordered.suffix(most))
        }
    }

    private struct State: Sendable {
        var books: [String: Book] = ["default": Book(), "system": Book()]
        var nextOrder = 0
    }

    private let state = Locked(State())
    private let sink: (@Sendable (String, String) -> Void)?
    fileprivate static let maximumEntries = 1000

    init(sink: (@Sendable (_ level: String, _ line: String) -> Void)? = nil) { self.sink = sink }

    func log(
        _ message: String, level: String = "info", to book: String = "default", pod: String? = nil
    ) {
        let seconds = Date().timeIntervalSince1970
        let entry = state.withLock { state in
            state.nextOrder += 1
            let entry = Entry(
                order: state.nextOrder, seconds: seconds, level: level, message: message, pod: pod)
            state.books[book, default: Book()].add(entry)
            return entry
        }
        sink?(level, entry.json.text)
    }

    var names: [String] { state.withLock { $0.books.keys.sorted() } }

    /// The newest entries of a book, oldest first; `nil` if there is no such book.
    func entries(of book: String, most: Int) -> [JSONValue]? {
        state.withLock { $0.books[book]?.newest(most) }?.map(\.json)
    }

    /// The newest entries of all books, oldest first.
    func entries(most: Int) -> [JSONValue] {
        let all = state.withLock { state in state.books.values.flatMap { $0.newest(most) } }
        return all.sorted { $0.order < $1.order }.suffix(most).map(\.json)
    }
}
