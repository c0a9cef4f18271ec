import Profiles
import Requests
import Statistics

/// Which row of a feed an iteration gets; one shard's, confined to its loop.
///
/// Shards take turns: with n of them, the first takes rows 0, n, 2n and so on. So no two need a
/// lock, and rows come in the order of the arrivals.
struct FeedCursor {
    private let order: DataFeed.Order
    private let rowCount: Int
    private let userCount: Int
    private let share: LoadShare
    /// The order of the rows; empty for that of the file.
    private var permutation: [Int] = []
    private var taken = 0
    /// How many rows each user has taken, by its number; for rows that belong to users.
    private var takenByUser: [Int: Int] = [:]

    init(_ feed: CompiledFeed, seed: UInt64, share: LoadShare) {
        order = feed.order
        rowCount = feed.table.rowCount
        userCount = max(1, min(feed.userCount, rowCount))
        self.share = share
        if order == .shuffled {
            // Every shard draws the same order.
            var random = SeededRandom(seed: seed ^ 0xF0FF_1E00)
            permutation = Array(0..<rowCount)
            for last in stride(from: rowCount - 1, to: 0, by: -1) {
                permutation.swapAt(last, Int(random.next(below: UInt64(last + 1))))
            }
        }
    }

    /// Whether each row was to be taken once, and has been.
    var isUsedUp: Bool { order == .once && place >= rowCount }

    private var place: Int { taken * share.count + share.index }

    /// The next row for a user; a feed that is used up has none.
    mutating func next(userNumber: Int, random: inout SeededRandom) -> Int {
        switch order {
        case .random: return Int(random.next(below: UInt64(rowCount)))
        case .partitioned:
            // The rows of user u are u, u + users, u + 2 users and so on, over and over.
            let first = (userNumber - 1) % userCount
            let own = (rowCount - first + userCount - 1) / userCount
            let count = takenByUser[userNumber, default: 0]
            takenByUser[userNumber] = count + 1
            return first + count % own * userCount
        case .sequential, .shuffled, .once:
            defer { taken += 1 }
            let row = place % rowCount
            return permutation.isEmpty ? row : permutation[row]
        }
    }
}
