/// What was due in one second, of one operation in one phase: a line of due.ndjson.
///
/// The rows of series.ndjson count requests by the second that they ended in, this by the second
/// that they were due in. Two lines of the same second are to be added: a request that ended later
/// than any should has a line of its own.
public struct DueSecond: Sendable, Codable, Equatable {
    /// Which second from the start of the load, from 0.
    public var second: Int
    /// The phase.
    public var phase: String
    /// The operation's id.
    public var operation: String
    /// Requests that were due in it, whether or not they were sent.
    public var total: Int
    /// Those that failed or were never sent.
    public var failed: Int
    /// For each latency threshold of the objectives, in nanoseconds, the right answers that took as
    /// long or longer.
    public var over: [String: Int]
    /// The tenths in which a request failed or was slow, in order, and those in which requests were
    /// due just before and after; `nil` if there are none.
    public var slots: [DueSlot]?

    /// A second from its parts.
    public init(
        second: Int, phase: String, operation: String, total: Int = 0, failed: Int = 0,
        over: [String: Int] = [:]
    ) {
        self.second = second
        self.phase = phase
        self.operation = operation
        self.total = total
        self.failed = failed
        self.over = over
    }

    /// Adds another part of the same second.
    public mutating func add(_ other: DueSecond) {
        total += other.total
        failed += other.failed
        over.merge(other.over, uniquingKeysWith: +)
        guard let others = other.slots else { return }
        var sum = slots ?? []
        for slot in others {
            if let index = sum.firstIndex(where: { $0.tenth == slot.tenth }) {
                sum[index].add(slot)
            } else {
                sum.append(slot)
            }
        }
        slots = sum.sorted { $0.tenth < $1.tenth }
    }

    /// Adds parts of the same seconds together; in order of time, then as they come.
    public static func merged(_ parts: [DueSecond]) -> [DueSecond] {
        struct Key: Hashable {
            let second: Int
            let phase: String
            let operation: String
        }
        var places: [Key: Int] = [:]
        var sums: [DueSecond] = []
        for part in parts {
            let key = Key(second: part.second, phase: part.phase, operation: part.operation)
            if let place = places[key] {
                sums[place].add(part)
            } else {
                places[key] = sums.count
                sums.append(part)
            }
        }
        let order = sums.indices.sorted { (sums[$0].second, $0) < (sums[$1].second, $1) }
        return order.map { sums[$0] }
    }

    enum CodingKeys: String, CodingKey {
        case second = "due_s"
        case phase
        case operation
        case total
        case failed
        case over
        case slots
    }
}
