/// What was due in a tenth of a second, and what became of it.
///
/// Due times are in nanoseconds from the start of the load.
public struct DueSlot: Sendable, Codable, Equatable {
    /// Which tenth of its second, 0 to 9.
    public var tenth: Int
    /// Requests that were due in it.
    public var total: Int
    /// Those that failed or were never sent.
    public var failed: Int
    /// Right answers that took as long as the tightest latency threshold of the objectives that
    /// apply to the operation, or longer; 0 if there is none.
    public var slow: Int
    /// When the first request was due that failed or was slow; `nil` if there is none.
    public var firstBadNanoseconds: UInt64?
    /// When the last of them was due.
    public var lastBadNanoseconds: UInt64?
    /// When the first request was due that was answered right and in time; `nil` if there is none.
    public var firstGoodNanoseconds: UInt64?
    /// When the last of them was due.
    public var lastGoodNanoseconds: UInt64?

    /// A tenth in which nothing was due.
    public init(tenth: Int) {
        self.tenth = tenth
        (total, failed, slow) = (0, 0, 0)
    }

    /// Requests that failed or were slow.
    public var bad: Int { failed + slow }

    /// Counts a request.
    public mutating func count(dueNanoseconds: UInt64, isFailed: Bool, isSlow: Bool) {
        total += 1
        if isFailed { failed += 1 }
        if isSlow, !isFailed { slow += 1 }
        if isFailed || isSlow {
            firstBadNanoseconds = min(firstBadNanoseconds ?? .max, dueNanoseconds)
            lastBadNanoseconds = max(lastBadNanoseconds ?? 0, dueNanoseconds)
        } else {
            firstGoodNanoseconds = min(firstGoodNanoseconds ?? .max, dueNanoseconds)
            lastGoodNanoseconds = max(lastGoodNanoseconds ?? 0, dueNanoseconds)
        }
    }

    /// Adds what other loops had due in the same tenth.
    public mutating func add(_ other: DueSlot) {
        func earlier(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
            [one, other].compactMap(\.self).min()
        }
        func later(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
            [one, other].compactMap(\.self).max()
        }
        total += other.total
        failed += other.failed
        slow += other.slow
        firstBadNanoseconds = earlier(firstBadNanoseconds, other.firstBadNanoseconds)
        lastBadNanoseconds = later(lastBadNanoseconds, other.lastBadNanoseconds)
        firstGoodNanoseconds = earlier(firstGoodNanoseconds, other.firstGoodNanoseconds)
        lastGoodNanoseconds = later(lastGoodNanoseconds, other.lastGoodNanoseconds)
    }

    enum CodingKeys: String, CodingKey {
        case tenth
        case total
        case failed
        case slow
        case firstBadNanoseconds = "first_bad_ns"
        case lastBadNanoseconds = "last_bad_ns"
        case firstGoodNanoseconds = "first_good_ns"
        case lastGoodNanoseconds = "last_good_ns"
    }
}
