/// What the node does on purpose to data that it has acknowledged, so that a checker can be tried.
enum Lie: String, Sendable, CaseIterable {
    /// A write is acknowledged and not made.
    case dropWrite = "drop write"
    /// An event is appended twice.
    case addTwice = "add twice"
    /// A get is answered from before the last write for a time.
    case staleCache = "stale cache"
    /// A key that was deleted comes back with a later write to its database.
    case revive
}

/// Records that were deleted and are to come back; any thread.
final class DeletedRecords: Sendable {
    /// A record that was deleted.
    struct Row: Sendable {
        let key: String
        let value: String
        let hash: String
        /// When it may come back, in nanoseconds of the monotonic clock.
        let due: UInt64
    }

    private let rows = Locked<[Int64: [Row]]>([:])

    /// So long its absence is seen before it comes back: 100 ms.
    static let delayNanoseconds: UInt64 = 100_000_000

    func keep(_ row: Row, of database: Int64) {
        rows.withLock { $0[database, default: []].append(row) }
    }

    /// The records of a database that are due, each once.
    func take(of database: Int64, at now: UInt64) -> [Row] {
        rows.withLock { rows in
            guard let all = rows[database] else { return [] }
            rows[database] = all.filter { $0.due > now }
            return all.filter { $0.due <= now }
        }
    }
}
