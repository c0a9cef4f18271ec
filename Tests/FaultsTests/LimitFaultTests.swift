import EventLoops
import Foundation
import Profiles
import Testing

@testable import Faults

@Suite(.timeLimit(.minutes(5))) struct LimitFaultTests {
    private func isAvailable(_ kind: any Fault.Type) -> Bool {
        if case .works = kind.availability() { true } else { false }
    }

    @Test(arguments: [
        ("open files", "Max open files"), ("memory", "Max address space"),
    ])
    func `a limit is lowered for the whole tree, and given back`(
        kind: String, title: String
    ) async throws {
        let stage = try FaultStage()
        let (id, child) = try stage.startBusy()
        let before = try #require(ProcessLimits.soft(title, of: child))
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                try #require(FaultKinds.named(kind)), .processes([id]), for: .seconds(60))
            #expect(record.effect?.word == "yes", "\(record)")
            #expect(try #require(ProcessLimits.soft(title, of: child)) < before)
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            await runner.close()
        }
        #expect(ProcessLimits.soft(title, of: child) == before)
    }

    @Test func `a limit of memory is reached by a target that grows, and is removed`() async throws
    {
        let stage = try FaultStage()
        let id = try stage.start(
            "echo x; while on; do x=$x$(head -c 20000 /dev/zero | tr '\\0' x); sleep 0.005; done"
        ).id
        let groups = ControlGroup.groups(of: id)
        var settings = FaultSettings()
        settings.limit = 1 << 20
        try await withTaskExecutorPreference(stage.loop) { [settings] in
            let runner = try stage.runner()
            let record = await runner.strike(
                MemoryLimitFault.self, .processes([id]), settings: settings, for: .seconds(60))
            guard isAvailable(MemoryLimitFault.self) else {
                #expect(record.problem?.message.contains("does not work here") == true)
                return await runner.close()
            }
            #expect(record.effect?.word == "yes", "\(record)")
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            await runner.close()
        }
        // The kernel may have ended it.
        #expect(["", groups].contains(ControlGroup.groups(of: id)))
    }

    @Test(arguments: ["cpu", "pids"])
    func `a control group limits the tree, and is removed`(kind: String) async throws {
        let kind = try #require(FaultKinds.named(kind))
        let stage = try FaultStage()
        let id = try stage.start("while on; do :; done & echo x; while on; do :; done").id
        let groups = ControlGroup.groups(of: id)
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(kind, .processes([id]), for: .seconds(60))
            guard isAvailable(kind) else {
                #expect(record.problem?.message.contains("does not work here") == true)
                return await runner.close()
            }
            #expect(record.effect?.word == "yes", "\(record)")
            #expect(ControlGroup.groups(of: id).contains("/loadgen-\(stage.run)-1"))
            let undone = await runner.undo(record)
            #expect(undone.undo?.word == "yes", "\(undone)")
            await runner.close()
        }
        #expect(ControlGroup.groups(of: id) == groups)
    }
}
