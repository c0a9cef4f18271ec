import Profiles
import Statistics
import Testing

@testable import Generator
@testable import Requests

@Suite struct FeedCursorTests {
    /// The rows that the shards' cursors give, the shards taking turns.
    private func rows(
        _ order: DataFeed.Order, of count: Int, take: Int, shards: Int = 1, users: Int = 1
    ) throws -> [Int] {
        let text = "n\n" + (0..<count).map { "\($0)\n" }.joined()
        let file = try TemporaryFile(text, ending: ".csv")
        let feed = CompiledFeed(
            name: "f", order: order, table: try DataTable(file: file.path), userCount: users)
        var cursors = (0..<shards).map {
            FeedCursor(feed, seed: 5, share: LoadShare(index: $0, count: shards))
        }
        var random = SeededRandom(seed: 1)
        var rows: [Int] = []
        for turn in 0..<take {
            let shard = turn % shards
            guard !cursors[shard].isUsedUp else { continue }
            rows.append(cursors[shard].next(userNumber: turn % users + 1, random: &random))
        }
        return rows
    }

    @Test(arguments: [1, 2, 3])
    func `sequential rows come in the file's order and begin again`(shards: Int) throws {
        let rows = try rows(.sequential, of: 5, take: 12, shards: shards)
        #expect(rows == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1])
    }

    @Test(arguments: [1, 2, 3])
    func `each row is taken once, by whatever shard`(shards: Int) throws {
        #expect(try rows(.once, of: 5, take: 20, shards: shards) == [0, 1, 2, 3, 4])
    }

    @Test func `shuffled rows are all rows in another order, the same for every shard`() throws {
        let one = try rows(.shuffled, of: 50, take: 100)
        #expect(Array(one[..<50]) == Array(one[50...]))
        #expect(one[..<50].sorted() == Array(0..<50) && Array(one[..<50]) != Array(0..<50))
        #expect(try rows(.shuffled, of: 50, take: 100, shards: 2) == one)
    }

    @Test func `random rows come in no order, with repetitions`() throws {
        let rows = try rows(.random, of: 10, take: 1000)
        #expect(Set(rows) == Set(0..<10) && Array(rows[..<10]) != Array(0..<10))
    }

    @Test func `partitioned rows belong to one user each`() throws {
        let rows = try rows(.partitioned, of: 7, take: 12, users: 3)
        #expect(rows == [0, 1, 2, 3, 4, 5, 6, 1, 2, 0, 4, 5])
    }
}
