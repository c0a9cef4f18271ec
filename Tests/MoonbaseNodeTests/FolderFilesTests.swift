import Foundation
import Testing

@testable import MoonbaseNode

/// What a data folder is refused for, and what not.
@Suite(.timeLimit(.minutes(20))) struct FolderFilesTests {
    private static let value = String(repeating: "v", count: 64)

    /// A folder whose node has stopped in order, with a value of `v` in it.
    private static func stopped() throws -> DataFolder {
        let folder = DataFolder()
        try folder.storage().close()
        try folder.change("INSERT INTO blocks VALUES ('system', 'b', '\(value)')")
        // Whoever changes the file by hand says so by removing this.
        try FileManager.default.removeItem(atPath: "\(folder.path)/clean")
        try folder.storage().close()
        return folder
    }

    /// Why no storage can be opened over a folder; `nil` if one can.
    private static func problem(_ folder: DataFolder) -> String? {
        do {
            try folder.storage().close()
            return nil
        } catch { return "\(error)" }
    }

    @Test func `a second node on one folder is refused with the first one's process id`() throws {
        let folder = DataFolder()
        let storage = try folder.storage()
        #expect(
            Self.problem(folder)
                == "the data folder \(folder.path) is used by the moonbase with process id "
                + "\(getpid()); end that one, or name another folder with --data DIR")
        storage.close()
        #expect(Self.problem(folder) == nil)
    }

    @Test func `a folder is free although a copy of its descriptor is open elsewhere`() throws {
        let folder = DataFolder()
        try folder.storage().close()
        var lock: FolderLock? = try FolderLock(folder: folder.path)
        // As in a child between its fork and its program.
        let copy = dup(try #require(lock).raw)
        lock = nil
        #expect(Self.problem(folder) == nil)
        close(copy)
    }

    @Test func `a worker lets go nothing that its supervisor holds`() throws {
        let folder = DataFolder()
        try folder.storage().close()
        let supervisor = try FolderLock(folder: folder.path)
        do { _ = FolderLock(descriptor: dup(supervisor.raw)) }
        #expect(throws: NodeError.self) { try FolderLock(folder: folder.path) }
    }

    @Test func `a stop in order is known, and any other end`() throws {
        let folder = DataFolder()
        for _ in 0..<2 {
            let storage = try folder.storage()
            #expect(!storage.wasUnclean && storage.isVerified)
            storage.close()
        }
        try FileManager.default.removeItem(atPath: "\(folder.path)/clean")
        let storage = try folder.storage()
        #expect(storage.wasUnclean && !storage.isVerified)
        storage.close()
    }

    @Test func `one changed byte of a value is found at every start, until it is mended`() throws {
        let folder = try Self.stopped()
        let url = URL(filePath: folder.database)
        let whole = try Data(contentsOf: url)
        var changed = whole
        let place = try #require(whole.firstRange(of: Data(Self.value.utf8)))
        changed[place.lowerBound + 7] ^= 1
        try changed.write(to: url)
        for _ in 0..<2 {
            #expect(Self.problem(folder)?.contains("is damaged") == true)
        }
        try whole.write(to: url)
        #expect(Self.problem(folder) == nil)
    }

    @Test func `what a program that uses SQLite has added is taken, and checked`() throws {
        let folder = try Self.stopped()
        try folder.change("CREATE TABLE other (text TEXT)")
        let storage = try folder.storage()
        #expect(!storage.wasUnclean && !storage.isVerified)
        storage.close()
    }

    @Test func `a database that is gone or emptied is not taken for a new one`() throws {
        let folder = try Self.stopped()
        try Data().write(to: URL(filePath: folder.database))
        #expect(Self.problem(folder)?.contains("is missing or empty") == true)
        try FileManager.default.removeItem(atPath: folder.database)
        #expect(Self.problem(folder)?.contains("is missing or empty") == true)
        try folder.change("PRAGMA user_version = 0")
        try folder.change("CREATE TABLE other (text TEXT)")
        #expect(Self.problem(folder)?.contains("is empty, and the folder had a database") == true)
    }

    @Test func `a database of another folder is refused, unless it is said to belong there`()
        throws
    {
        let (folder, other) = (try Self.stopped(), try Self.stopped())
        let files = FileManager.default
        try files.removeItem(atPath: folder.database)
        try files.copyItem(atPath: other.database, toPath: folder.database)
        try? files.removeItem(atPath: "\(folder.path)/clean")
        #expect(Self.problem(folder)?.contains("remove \(folder.path)/identity") == true)
        try files.removeItem(atPath: "\(folder.path)/identity")
        #expect(Self.problem(folder) == nil)
    }

    @Test(arguments: [
        (-1, "which no moonbase has written"), (Int(Int32.min), "which no moonbase has written"),
        (99, "this moonbase knows up to 3"),
    ])
    func `data of no version that is known is refused as it is`(version: Int, words: String) throws
    {
        let folder = try Self.stopped()
        try folder.change("PRAGMA user_version = \(version)")
        let before = try Data(contentsOf: URL(filePath: folder.database))
        #expect(
            Self.problem(folder)?.contains("the data is of version \(version), \(words)") == true
                || Self.problem(folder)?.contains("version \(version), and \(words)") == true)
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }
}

extension DataFolder {
    /// Where the database is.
    fileprivate var database: String { "\(path)/moonbase.sqlite" }

    /// Changes the database while no node has it.
    fileprivate func change(_ text: String) throws {
        try Database(path: database, role: .writer).run(text)
    }
}
