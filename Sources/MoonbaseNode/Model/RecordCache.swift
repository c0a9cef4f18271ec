import EventLoops

/// The answers to the newest gets, so that they go on where storage does not: a table of fixed
/// size.
///
/// A reader that saw an older state must not put it here after a write: it says what it saw with a
/// stamp, and every write to the database changes that.
final class RecordCache: Sendable {
    private struct Entry: Sendable {
        let database: Int64
        let key: String
        let body: [UInt8]
        /// When it is forgotten, in nanoseconds of the monotonic clock.
        var end = UInt64.max

        /// Swift takes letters that look alike for the same text; a key is what was written.
        func isOf(_ key: String, _ database: Int64) -> Bool {
            self.database == database && self.key.utf8.elementsEqual(key.utf8)
        }
    }

    private struct State: Sendable {
        var entries = [Entry?](repeating: nil, count: RecordCache.size)
        var stamps: [Int64: UInt64] = [:]
        var hits = 0
        var misses = 0
    }

    private let state = Locked(State())
    private let clock: MonotonicClock
    private static let size = 1024
    private static let maximumBytes = 1024

    init(clock: MonotonicClock = .system) { self.clock = clock }

    func body(of key: String, in database: Int64) -> [UInt8]? {
        let slot = Self.slot(key, database)
        return state.withLock { state in
            guard let entry = state.entries[slot], entry.isOf(key, database),
                entry.end == .max || clock.nowNanoseconds < entry.end
            else {
                state.misses += 1
                return nil
            }
            state.hits += 1
            return entry.body
        }
    }

    /// To be taken before the read begins.
    func stamp(of database: Int64) -> UInt64 {
        state.withLock { $0.stamps[database, default: 0] }
    }

    func keep(_ body: [UInt8], of key: String, in database: Int64, stamp: UInt64) {
        guard body.count <= Self.maximumBytes else { return }
        let entry = Entry(database: database, key: key, body: body)
        state.withLock { state in
            guard state.stamps[database, default: 0] == stamp else { return }
            state.entries[Self.slot(key, database)] = entry
        }
    }

    /// A key was written.
    ///
    /// - Parameter end: when what is known of it is forgotten, if that is not at once.
    func forget(_ key: String, in database: Int64, at end: UInt64? = nil) {
        let slot = Self.slot(key, database)
        state.withLock { state in
            state.stamps[database, default: 0] += 1
            guard var entry = state.entries[slot], entry.isOf(key, database) else { return }
            entry.end = min(entry.end, end ?? 0)
            state.entries[slot] = end == nil ? nil : entry
        }
    }

    /// A database is gone; its number is never used again.
    func forget(_ database: Int64) {
        state.withLock { state in
            state.stamps[database] = nil
            for slot in state.entries.indices where state.entries[slot]?.database == database {
                state.entries[slot] = nil
            }
        }
    }

    var counts: (hits: Int, misses: Int) { state.withLock { ($0.hits, $0.misses) } }

    static func slot(_ key: String, _ database: Int64) -> Int {
        var hash = UInt64(bitPattern: database) &* 0x9e37_79b9_7f4a_7c15
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(size))
    }
}
