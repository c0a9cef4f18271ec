import Glibc
import Profiles
import Testing

@testable import Faults

@Suite struct FaultKindsTests {
    @Test func `every kind that a profile can name is made by a file, and the other way round`() {
        #expect(FaultKinds.all.map { $0.name } == FaultNotations.all.map(\.name))
    }

    private func problem(_ victim: PlannedFault.Victim, _ target: Target) -> String? {
        var profile = Profile(name: "test", target: target, load: [], scenarios: [])
        profile.faults = [PlannedFault(kind: "crash", victim: victim)]
        return FaultPermission.problem(of: profile.faults[0], in: profile)?.message
    }

    @Test func `only what loadgen starts or the profile names may be struck`() {
        #expect(problem(.target, .embedded) == nil)
        #expect(problem(.target, .command("x")) == nil)
        #expect(problem(.workers, .command("x")) == nil)
        #expect(problem(.workers, .url("http://h"))?.hasPrefix("loadgen has not started") == true)
        #expect(problem(.target, .url("http://h"))?.hasPrefix("loadgen has not started") == true)
        #expect(problem(.process(1), .embedded) == "process 1 is the system's")
        #expect(problem(.process(getpid()), .embedded)?.hasSuffix("is loadgen itself") == true)
    }

    @Test func `an injection needs a node that is started with an admin port`() {
        var profile = Profile(name: "test", target: .command("x"), load: [], scenarios: [])
        let fault = PlannedFault(kind: "injection", victim: .target)
        #expect(
            FaultPermission.problem(of: fault, in: profile)?.message.contains("no --admin") == true)
        profile.target = .command("moonbase --port {port} --admin-port {admin-port}")
        #expect(FaultPermission.problem(of: fault, in: profile) == nil)
        profile.target = .embedded
        #expect(FaultPermission.problem(of: fault, in: profile) == nil)
    }

    @Test func `packets are dropped only to a target that loadgen starts`() {
        var profile = Profile(name: "test", target: .url("http://h"), load: [], scenarios: [])
        profile.watch.port = 4343
        let fault = PlannedFault(kind: "loss", victim: .target)
        #expect(FaultPermission.problem(of: fault, in: profile) != nil)
        profile.target = .embedded
        let isHere = if case .works = LossFault.availability() { true } else { false }
        #expect((FaultPermission.problem(of: fault, in: profile) == nil) == isHere)
    }

    @Test func `outside a network of the run's own no packet is dropped`() async throws {
        let stage = try FaultStage()
        try await withTaskExecutorPreference(stage.loop) {
            let runner = try stage.runner()
            let record = await runner.strike(
                PartitionFault.self, .packets(port: 9), for: .seconds(60))
            #expect(record.problem != nil && record.effect == nil)
            await runner.close()
        }
    }

    @Test func `segments that were sent again are read by their name`() {
        let text = "Ip: A B\nIp: 1 2\nTcp: InSegs RetransSegs X\nTcp: 4 17 9\nUdp: Q\nUdp: 3\n"
        #expect(LossFault.segmentsSentAgain(text) == 17)
        #expect(LossFault.segmentsSentAgain("Tcp: InSegs\nTcp: 4\n") == nil)
    }

    @Test func `a watched process of the profile is the target`() {
        var profile = Profile(name: "test", target: .url("http://h"), load: [], scenarios: [])
        profile.watch.port = 4343
        let fault = PlannedFault(kind: "crash", victim: .target)
        #expect(FaultPermission.problem(of: fault, in: profile) == nil)
        profile.watch.process = getppid()
        #expect(FaultPermission.problem(of: fault, in: profile) != nil)
    }
}
