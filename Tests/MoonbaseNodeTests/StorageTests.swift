import EventLoops
import Foundation
import Testing

@testable import MoonbaseNode

@Suite(.timeLimit(.minutes(20))) struct StorageTests {
    /// Does a change and waits for its end.
    private static func write(
        _ storage: Storage, _ body: @escaping @Sendable (Database) throws(Refusal) -> Void
    ) async -> Result<Answer, Refusal> {
        await withCheckedContinuation { continuation in
            do throws(Refusal) {
                try storage.submit(
                    Storage.Write { (database) throws(Refusal) in
                        try body(database)
                        return Change(answer: .text("ok"))
                    } ended: {
                        continuation.resume(returning: $0)
                    })
            } catch { continuation.resume(returning: .failure(error)) }
        }
    }

    private static func isRight(_ result: Result<Answer, Refusal>) -> Bool {
        if case .success = result { true } else { false }
    }

    @Test(arguments: [nil, "unsynced"])
    func `what was acknowledged is there after opening again`(vfs: String?) async throws {
        let folder = DataFolder()
        var settings = Storage.Settings(folder: folder.path)
        settings.vfs = vfs
        let storage = try Storage(settings)
        #expect(!storage.wasUnclean)
        let result = await Self.write(storage) { (database) throws(Refusal) in
            try database.run("INSERT INTO pods (name, process) VALUES ('p', 'libp2p')")
        }
        #expect(Self.isRight(result))
        storage.close()
        let again = try Storage(Storage.Settings(folder: folder.path))
        #expect(!again.wasUnclean)
        #expect(try LoadedState(from: again).model.pods.keys.sorted() == ["p", "system"])
        again.close()
    }

    @Test func `a refusal changes nothing and takes no other change with it`() async throws {
        let folder = DataFolder()
        let storage = try folder.storage()
        async let one = Self.write(storage) { (_) throws(Refusal) in throw Refusal(409, "taken") }
        async let other = Self.write(storage) { (database) throws(Refusal) in
            try database.run("INSERT INTO pods (name, process) VALUES ('p', 'libp2p')")
        }
        async let bad = Self.write(storage) { (database) throws(Refusal) in
            try database.run("INSERT INTO pods (name, process) VALUES ('q', 'libp2p')")
            throw Refusal(409, "after a change")
        }
        let results = await [one, other, bad]
        #expect(results.map(Self.isRight) == [false, true, false])
        storage.close()
        let again = try folder.storage()
        #expect(try LoadedState(from: again).model.pods.keys.sorted() == ["p", "system"])
        again.close()
    }

    @Test func `a full disk is a refusal, and room makes writes go on`() async throws {
        let folder = DataFolder()
        let hand = ManualClock()
        var settings = Storage.Settings(folder: folder.path)
        settings.clock = hand.clock
        let storage = try Storage(settings)
        let text = String(repeating: "x", count: 200_000)
        @Sendable func grow(to pages: Int) async -> Result<Answer, Refusal> {
            await Self.write(storage) { (database) throws(Refusal) in
                try database.run("PRAGMA max_page_count = \(pages)")
                try database.run(
                    "INSERT INTO blocks (pod, cid, value) VALUES ('p', ?, ?)",
                    [.text("b\(pages)"), .text(text)])
            }
        }
        guard case .failure(let refusal) = await grow(to: 1) else {
            Issue.record("a write into a full disk succeeded")
            return
        }
        #expect(refusal == Refusal(503, "storage is full"))
        // Writes rest for a moment after a failure.
        await hand.advance(to: hand.nowNanoseconds + 499_999_999)
        #expect(!Self.isRight(await grow(to: 1_000_000)))
        await hand.advance(to: hand.nowNanoseconds + 1)
        #expect(Self.isRight(await grow(to: 1_000_000)))
        storage.close()
    }

    @Test func `data of the first version is brought to the present one`() throws {
        let folder = DataFolder()
        let path = "\(folder.path)/moonbase.sqlite"
        do {
            let old = try Database(path: path, role: .writer)
            for text in Migrations.steps[0] { try old.run(text) }
            try old.run("INSERT INTO databases VALUES ('d', 'keyvalue', 'system', 1)")
            try old.run("INSERT INTO entries VALUES ('d', 'k', '1', 'h')")
        }
        let storage = try folder.storage()
        let loaded = try LoadedState(from: storage)
        let record = try #require(loaded.model.databases["d"])
        #expect(record.isOpen)
        let reader = try Database(path: path, role: .reader)
        let rows = try reader.run(
            "SELECT key, value FROM records WHERE database = ?", [.integer(record.id)])
        #expect(rows == [[.text("k"), .text("1")]])
        storage.close()
    }
}
