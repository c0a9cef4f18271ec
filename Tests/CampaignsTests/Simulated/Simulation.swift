import Contracts
import EventLoops
import FoundationEssentials
import Profiles
import Targets

@testable import Campaigns

/// Runs in simulated time, against simulated targets, with a folder that goes with it.
final class Simulation: Sendable {
    let hand = ManualClock()
    let folder: String
    private let targets: [String: SimulatedTarget]

    /// A simulation with a target for each host name.
    init(_ targets: [String: SimulatedTarget]) throws {
        self.targets = targets
        folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// What runs are made with.
    var options: SingleRun.Options {
        var options = SingleRun.Options(
            resultsFolder: folder, threads: 1, command: [], nodeExecutable: "")
        options.environment = RunEnvironment(
            clock: hand.clock,
            makeLanes: { [targets] url, _ throws(CampaignError) in
                guard let target = targets[url.host] else {
                    throw CampaignError(.usage, "no target \(url.host)", hint: "simulate it")
                }
                return target.lanes
            }, readSteal: { nil })
        return options
    }

    static let contract = Result { try Contract(builtIn: "moonbase-v0") }

    /// A profile of pings to the target `a`, evenly in one phase.
    static func profile(
        rate: Double = 20, seconds: Double, objectives: [Objective] = []
    ) -> Profile {
        Profile(
            name: "simulated", target: .url("http://a:1"),
            load: [
                Phase(
                    name: "steady",
                    model: ConstantArrivalRate(Rate(perSecond: rate), .constant),
                    duration: .seconds(seconds))
            ],
            scenarios: [Scenario(name: "ping", steps: [Step(operation: "ping")])],
            objectives: objectives)
    }

    /// A single run of a profile.
    func run(
        _ profile: Profile, control: RunControl = RunControl(),
        observe: @escaping @Sendable (RunProgress) -> Void = { _ in }
    ) throws -> SingleRun {
        SingleRun(
            profile: profile, contract: try Self.contract.get(), options: options,
            control: control, observe: observe)
    }

    /// The result of a run in which the time passes as it is needed.
    func result(of profile: Profile) async throws -> SingleRun.Result {
        let run = try run(profile)
        return try await hand.turn { try await run.execute() }
    }
}
