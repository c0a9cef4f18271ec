import Collector
import EventLoops
import Evidence
import Glibc
import JSON
import Measurements
import Profiles
import Targets

/// From the command that starts the target to its first answer.
extension SingleRun {
    private static let firstContactNanoseconds: UInt64 = 1_500_000_000

    /// The words of the command that starts the target: the reference node's, or the profile's.
    ///
    /// - Parameters:
    ///   - data: where the reference node has its data; `nil` for a folder that ends with it.
    ///   - port: where it listens; 0 for any port.
    private func command(
        _ data: TemporaryFolder?, port: Int = 0
    ) throws(CampaignError) -> [String] {
        guard case .command(let text) = profile.target else {
            guard access(options.nodeExecutable, X_OK) == 0 else {
                throw CampaignError(
                    .failure, "the reference node is not at \(options.nodeExecutable)",
                    hint: "build it with Scripts/build, or name another target with --target URL")
            }
            return ["moonbase", "--port", "\(port)"] + (data.map { ["--data", $0.path] } ?? [])
                + flagsForFaults
        }
        guard case .command(let words) = try TargetSource(text) else {
            throw CampaignError(
                .usage, "target.command is a URL: \(text)", hint: "write it as target.url")
        }
        return port == 0 ? words : words.map { $0.replacing("{port}", with: String(port)) }
    }

    /// Starts the target; gives its URL.
    func start(
        _ started: StartedTarget, in folder: RunFolder, on loop: EventLoop
    ) async throws -> String {
        if profile.isChecked, profile.checked.restarts, profile.target == .embedded {
            started.data = try TemporaryFolder()
        }
        let target = try await start(
            command(started.data), in: folder, on: loop, log: "target.log")
        started.running = target
        return target.url
    }

    /// Stops the target, starts it again with the data that it has, and gives the way to it.
    func restart(
        _ started: StartedTarget, at port: Int, in folder: RunFolder, on loop: EventLoop
    ) async throws -> LaneFactory {
        started.running?.stop()
        let target = try await start(
            command(started.data, port: port), in: folder, on: loop, log: "target-again.log")
        started.running = target
        return try options.environment.makeLanes(TargetURL(target.url), profile.network)
    }

    /// What the node needs for the faults of the profile.
    private var flagsForFaults: [String] {
        var flags: [String] = []
        // Workers are what its supervisor has started.
        if profile.faults.contains(where: { $0.victim == .workers }) {
            flags += ["--supervise", "true"]
        }
        if profile.faults.contains(where: { $0.kind == FaultNotations.injection.name }) {
            flags += ["--admin-port", "{admin-port}"]
        }
        let names = profile.faults.flatMap {
            [$0.kind] + ($0.settings.plan?.object ?? []).map(\.name)
        }
        if !Set(names).isDisjoint(with: ["power cut", "slow disk", "unsynced writes"]) {
            flags += ["--vfs", "unsynced"]
        }
        return flags
    }

    /// Starts the target's command, under the probe where the profile asks for it.
    private func start(
        _ words: [String], in folder: RunFolder, on loop: EventLoop, log: String
    ) async throws -> RunningTarget {
        var setting = RunningTarget.Setting(
            loop: loop, nodeExecutable: options.nodeExecutable,
            network: profile.network, logPath: "\(folder.path)/\(log)",
            makeLanes: options.environment.makeLanes)
        if let probe = profile.watch.probe {
            if let obstacle = ProgramFile.obstacle(words[0]) {
                throw CampaignError(
                    .usage, "\(obstacle)",
                    hint: "leave target.probe out; the memory is then read from /proc")
            }
            setting.probe = try ProbeLaunch(
                library: options.probeLibrary, profilesHeap: probe == .stacks)
        }
        return try await RunningTarget.start(.command(words), setting)
    }

    /// The target's processes: those that the profile names or loadgen started; `nil` if they
    /// are those that listen at its port.
    func processes(of started: pid_t?) throws -> ProcessTree? {
        if let process = profile.watch.process {
            let tree = ProcessTree(roots: [process])
            guard tree.members.isEmpty else { return tree }
            throw CampaignError(
                .usage, "there is no process \(process)",
                hint: "give --pid, or target.pid, the id of the target's process on this machine")
        }
        if let port = profile.watch.port {
            guard let tree = ProcessTree.listening(on: port) else {
                throw CampaignError(
                    .usage, "no process of this machine listens at port \(port)",
                    hint: "give target.port the port of the target, or target.pid its process")
            }
            return tree
        }
        return started.map { ProcessTree(roots: [$0]) }
    }

    /// What keeps the target from being loaded.
    struct Problem {
        let words: String
        var isRefusal = false
        var isBreak = false
    }

    /// What keeps the target from being loaded; `nil` if it answers.
    ///
    /// Where an address refuses, `lane` and `lanes` go on to the next one.
    func contact(
        _ lane: inout ControlLane, _ lanes: inout LaneFactory, on loop: EventLoop, prefix: String
    ) async -> Problem? {
        var problem = await firstContact(lane, prefix: prefix)
        // A target that breaks some connections is one to measure.
        for _ in 0..<2 where problem?.isBreak == true {
            problem = await firstContact(lane, prefix: prefix)
        }
        // A name can have an address that nobody listens at, as localhost has ::1.
        while problem?.isRefusal == true, let next = lanes.byNextAddress {
            lanes = next
            lane.close()
            lane = ControlLane(loop: loop, lanes: next, control: control)
            let answer = await firstContact(lane, prefix: prefix)
            if answer?.isRefusal != true { problem = answer }
        }
        return problem
    }

    /// What keeps the target from being loaded; `nil` if it speaks HTTP.
    private func firstContact(_ lane: ControlLane, prefix: String) async -> Problem? {
        let answer = await lane.get(
            prefix.isEmpty ? "/" : prefix, timeoutNanoseconds: Self.firstContactNanoseconds)
        return switch answer.outcome {
        case .ok: nil
        case .refused: Problem(words: "cannot be reached: \(answer.text)", isRefusal: true)
        case .timeout: Problem(words: "does not answer within 1.5 s: \(answer.text)")
        case .malformed: Problem(words: "does not speak HTTP: \(answer.text)")
        // It does, and says a lot at that.
        case .overBudget: nil
        default: Problem(words: "breaks the connection: \(answer.text)", isBreak: true)
        }
    }
}
