import CSQLite
import EventLoops
import Foundation
import Profiles
import Testing

@testable import Faults

@Suite(.timeLimit(.minutes(5))) struct DiskFaultTests {
    private func settings(_ path: String, limit: Int? = nil) -> FaultSettings {
        var settings = FaultSettings()
        settings.path = path
        settings.limit = limit
        return settings
    }

    @Test func `a database is locked for every other transaction, and free again`() async throws {
        let stage = try FaultStage()
        let path = "\(stage.folder)/nodes.sqlite"
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                DatabaseLockFault.self, .path, settings: settings(path), for: .seconds(60))
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            let missing = await runner.strike(
                DatabaseLockFault.self, .path, settings: settings("\(stage.folder)/no"),
                for: .seconds(60))
            #expect(missing.problem?.message.contains("unable to open database file") == true)
            await runner.close()
        }
    }

    @Test func `the database that a target has open is found and locked`() async throws {
        let stage = try FaultStage()
        let path = "\(stage.folder)/one.sqlite"
        var database: OpaquePointer?
        #expect(sqlite3_open(path, &database) == SQLITE_OK)
        #expect(sqlite3_exec(database, "CREATE TABLE a (b)", nil, nil, nil) == SQLITE_OK)
        sqlite3_close_v2(database)
        let owner = try stage.start("exec 5<'\(path)'; echo x; exec sleep 1000").id
        let other = try stage.start("echo x; exec sleep 1000").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                DatabaseLockFault.self, .processes([owner]), for: .seconds(60))
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            let none = await runner.strike(
                DatabaseLockFault.self, .processes([other]), for: .seconds(60))
            #expect(none.problem?.message == "the target has no SQLite database open")
            await runner.close()
        }
    }

    /// A small disk of its own, in a mount namespace of its own; `nil` where that is not allowed.
    private func disk(_ stage: FaultStage) throws -> String? {
        let (id, line) = try stage.start(
            """
            mkdir -p \(stage.folder)/disk
            exec unshare -rm sh -c 'mount -t tmpfs -o size=1m none \(stage.folder)/disk &&
            echo mounted && exec sleep 1000 || echo no; exec sleep 1000'
            """)
        return line == "mounted" ? "/proc/\(id)/root\(stage.folder)/disk" : nil
    }

    @Test func `a disk is filled to the last page, and free again`() async throws {
        let stage = try FaultStage()
        guard let disk = try disk(stage) else { return }
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                DiskFullFault.self, .path, settings: settings(disk), for: .seconds(60))
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            await runner.close()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
    }

    @Test func `a disk that has more room than is allowed is not touched`() async throws {
        let stage = try FaultStage()
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                DiskFullFault.self, .path, settings: settings(stage.folder, limit: 1),
                for: .seconds(60))
            #expect(record.problem?.message.contains("File too large") == true, "\(record)")
            #expect(record.undo?.word == "yes")
            await runner.close()
        }
    }
}
