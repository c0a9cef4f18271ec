import Collector
import EventLoops
import Foundation
import Testing

@testable import Faults

@Suite(.timeLimit(.minutes(5))) struct ProcessFaultTests {
    @Test(arguments: [true, false])
    func `a hang stops every process of the tree, and lets them go on`(mayFreeze: Bool) async throws
    {
        let stage = try FaultStage()
        let (id, child) = try stage.startBusy()
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await HangFault.$mayFreeze.withValue(mayFreeze) {
                await runner.strike(HangFault.self, .processes([id]), for: .seconds(60))
            }
            #expect(record.problem == nil)
            #expect(record.effect?.word == "yes", "\(record)")
            if !mayFreeze {
                #expect(record.mechanism.hasPrefix("SIGSTOP"))
                for one in [id, child] { #expect(ProcessStat(one)?.state == "T") }
            }
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            #expect(undone.problem == nil)
            let ticks = try #require(ProcessStat(child)?.ticks)
            FaultStage.wait { ProcessStat(child).map { $0.ticks > ticks } ?? true }
            #expect(ProcessStat(child) != nil)
            await runner.close()
            #expect(!FileManager.default.fileExists(atPath: stage.journal))
        }
    }

    @Test func `a crash ends the process at once, and a stop by its own hand`() async throws {
        let stage = try FaultStage()
        let first = try stage.start("trap 'echo no' TERM; echo x; while on; do sleep 1; done").id
        let second = try stage.start("trap 'exit 3' TERM; echo x; while on; do sleep 0.01; done").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            for (kind, id) in [
                (CrashFault.self as any Fault.Type, first), (StopFault.self, second),
            ] {
                let record = await runner.strike(kind, .processes([id]), for: .seconds(1))
                #expect(record.problem == nil)
                #expect(record.effect?.word == "yes", "\(record)")
                let end = try #require(record.effectSeen)
                #expect(record.strikeBegan <= end)
            }
            await runner.close()
        }
    }

    @Test func `a crash loop ends each new process until it is undone`() async throws {
        let stage = try FaultStage()
        let id = try stage.start("echo x; while on; do sleep 1; done").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                CrashLoopFault.self, .processes([id]), for: .seconds(60))
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes")
            await runner.close()
        }
        #expect(ProcessStat(id) != nil)
    }

    @Test func `workers are struck, and what has started them goes on`() async throws {
        let stage = try FaultStage()
        let id = try stage.start("echo x; while on; do sleep 60; done").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            FaultStage.wait { !children(of: id).isEmpty }
            let hang = await runner.strike(HangFault.self, .workers(of: [id]), for: .seconds(60))
            #expect(hang.effect == .proven("1 process stands still, and uses no CPU time"))
            let undone = await runner.undo(hang)
            #expect(undone.undo?.word == "yes", "\(undone)")
            let worker = try #require(children(of: id).first)
            let crash = await runner.strike(CrashFault.self, .workers(of: [id]), for: .zero)
            #expect(crash.effect == .proven("process \(worker) is gone from /proc"))
            FaultStage.wait { children(of: id).contains { $0 != worker } }
            let loop = await runner.strike(
                CrashLoopFault.self, .workers(of: [id]), for: .seconds(60))
            #expect(loop.effect?.word == "yes", "\(loop)")
            _ = await runner.undo(loop)
            await runner.close()
        }
        #expect(ProcessStat(id) != nil)
    }

    private func children(of id: Int32) -> [Int32] {
        ProcessTree(roots: [id]).members.filter { $0 != id }
    }

    @Test func `a target that leaves its writes to the kernel has no power to cut`() async throws {
        let stage = try FaultStage()
        let id = try stage.start("echo x; exec sleep 1000").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(PowerCutFault.self, .processes([id]), for: .zero)
            #expect(record.problem?.hint.contains("--vfs unsynced") == true, "\(record)")
            await runner.close()
        }
        #expect(ProcessStat(id).map { !$0.hasEnded } == true)
    }

    @Test func `a target that has started nothing has no workers to strike`() async throws {
        let stage = try FaultStage()
        let id = try stage.start("echo x; exec sleep 1000").id
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(CrashFault.self, .workers(of: [id]), for: .zero)
            #expect(record.problem?.message.hasPrefix("the target has started no process") == true)
            await runner.close()
        }
        #expect(ProcessStat(id) != nil)
    }

    @Test func `loadgen, what has started it, and the system's first process are not struck`()
        async throws
    {
        let stage = try FaultStage()
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            for id in [1, 0, -1, getpid(), getppid()] {
                let record = await runner.strike(
                    CrashFault.self, .processes([id]), for: .seconds(1))
                #expect(record.problem != nil, "\(id)")
                #expect(record.effect == nil)
            }
            await runner.close()
        }
        #expect(HeldProcess.obstacle(to: 1)?.message == "process 1 is the system's")
    }
}
