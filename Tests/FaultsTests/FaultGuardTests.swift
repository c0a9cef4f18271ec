import EventLoops
import Foundation
import Testing

@testable import Faults

@Suite(.timeLimit(.minutes(5))) struct FaultGuardTests {
    /// A process that is stopped, and what lets it go on.
    private func stopped(_ stage: FaultStage) throws -> (id: Int32, inverse: Inverse) {
        let id = try stage.startBusy().id
        let start = try #require(ProcessStat(id)?.start)
        kill(id, SIGSTOP)
        FaultStage.wait { ProcessStat(id)?.state == "T" }
        return (id, .resume(pid: id, start: start))
    }

    private func keeper(_ stage: FaultStage) throws -> FaultGuard {
        try FaultGuard(program: try FaultStage.guardProgram(), journal: stage.journal)
    }

    @Test func `a fault whose deadline has passed is undone without being asked`() throws {
        let stage = try FaultStage()
        let (id, inverse) = try stopped(stage)
        let keeper = try keeper(stage)
        try keeper.intend(1, deadlineNanoseconds: 1_000_000, [inverse])
        FaultStage.wait { ProcessStat(id)?.state != "T" }
        #expect(keeper.isAlive)
        keeper.close()
        #expect(!FileManager.default.fileExists(atPath: stage.journal))
    }

    @Test func `everything is undone when the tool's end of the socket is closed`() throws {
        let stage = try FaultStage()
        let first = try stopped(stage)
        let second = try stopped(stage)
        let keeper = try keeper(stage)
        try keeper.intend(1, deadlineNanoseconds: .max / 2, [first.inverse])
        try keeper.intend(2, deadlineNanoseconds: .max / 2, [second.inverse])
        let text = try String(contentsOfFile: stage.journal, encoding: .utf8)
        #expect(text.contains("\nintent 1 continue\t\(first.id)\t"))
        keeper.close()
        for one in [first, second] { FaultStage.wait { ProcessStat(one.id)?.state != "T" } }
        #expect(!FileManager.default.fileExists(atPath: stage.journal))
    }

    @Test func `after a guard that was killed a second one undoes its journal`() throws {
        let stage = try FaultStage()
        let (id, inverse) = try stopped(stage)
        let keeper = try keeper(stage)
        try keeper.intend(1, deadlineNanoseconds: .max / 2, [inverse])
        kill(keeper.processID, SIGKILL)
        try keeper.undo(1)
        FaultStage.wait { ProcessStat(id)?.state != "T" }
        #expect(!keeper.isAlive)
        #expect(throws: FaultError.self) {
            try keeper.intend(2, deadlineNanoseconds: .max / 2, [inverse])
        }
    }

    @Test func `without its guard nothing more is struck, and what was is undone`() async throws {
        let stage = try FaultStage()
        let (id, child) = try stage.startBusy()
        let limit = ProcessLimits.soft("Max open files", of: child)
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let first = await runner.strike(HangFault.self, .processes([id]), for: .seconds(60))
            #expect(first.effect?.word == "yes", "\(first)")
            kill(runner.guardID, SIGKILL)
            let second = await runner.strike(
                OpenFilesFault.self, .processes([id]), for: .seconds(60))
            #expect(second.problem?.message.contains("does not answer") == true, "\(second)")
            let undone = await runner.undo(first)
            #expect(undone.undo?.word == "yes", "\(undone)")
            await runner.close()
        }
        #expect(ProcessLimits.soft("Max open files", of: child) == limit)
        #expect(!FileManager.default.fileExists(atPath: stage.journal))
    }

    @Test func `a journal of a tool that is gone is undone once; one of a tool that lives is not`()
        throws
    {
        let stage = try FaultStage()
        let (id, inverse) = try stopped(stage)
        let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
        let own = try #require(ProcessStat(getpid())?.start)
        func leave(_ tool: String) throws {
            try "loadgen-chaos \(boot) \(tool)\nintent 1 \(inverse.line)\napplied 1\n".write(
                toFile: stage.journal, atomically: true, encoding: .utf8)
        }
        let program = try FaultStage.guardProgram()
        try leave("\(getpid()) \(own)")
        #expect(try JournalFolder.undo(guardProgram: program, in: stage.folder) == "")
        #expect(ProcessStat(id)?.state == "T")
        // The same id with another start is another process.
        try leave("\(getpid()) \(own + 1)")
        let text = try JournalFolder.undo(guardProgram: program, in: stage.folder)
        #expect(text == "\(stage.journal): undone\n")
        FaultStage.wait { ProcessStat(id)?.state != "T" }
        #expect(try JournalFolder.undo(guardProgram: program, in: stage.folder) == "")
    }

    @Test func `a process that has got the id of another is left alone`() throws {
        let stage = try FaultStage()
        let (id, _) = try stopped(stage)
        let start = try #require(ProcessStat(id)?.start)
        let keeper = try keeper(stage)
        try keeper.intend(
            1, deadlineNanoseconds: .max / 2,
            [.kill(pid: id, start: start + 1), .resume(pid: id, start: start + 1)])
        try keeper.undo(1)
        keeper.close()
        #expect(ProcessStat(id)?.state == "T")
    }

    @Test func `a group that has not loadgen's name is not removed`() throws {
        let stage = try FaultStage()
        try FileManager.default.createDirectory(
            atPath: "\(stage.folder)/other", withIntermediateDirectories: true)
        let keeper = try keeper(stage)
        try keeper.intend(
            1, deadlineNanoseconds: .max / 2,
            [.group(path: "\(stage.folder)/other", parent: stage.folder)])
        #expect(throws: FaultError.self) { try keeper.undo(1) }
        keeper.close()
        #expect(FileManager.default.fileExists(atPath: "\(stage.folder)/other"))
        let text = try String(contentsOfFile: stage.journal, encoding: .utf8)
        #expect(text.contains("\nfailed 1 cgroup\t"))
    }
}
