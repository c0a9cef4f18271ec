import Collector
public import Contracts
import EventLoops
public import Evidence
import Generator
import Glibc
import Measurements
public import Profiles
public import Schedules
public import Targets
public import Verdicts

/// One run: a profile against a target, from the empty folder to the verdict.
public struct SingleRun: Sendable {
    /// What a run needs besides its profile.
    public struct Options: Sendable {
        /// The folder that the run's own folder is made in.
        public var resultsFolder: String
        /// Generator threads; at least 1.
        public var threads: Int
        /// The command line as typed, for the evidence.
        public var command: [String]
        /// The reference node's executable, for `target: embedded`.
        public var nodeExecutable: String
        /// The due times of the profile's replays.
        public var recordings: Schedule.Recordings
        /// The floor under every latency; `nil` if the run is not calibrated.
        public var calibration: Calibration?

        /// The probe beside loadgen, for targets that a command starts.
        public var probeLibrary = ""

        /// What it has from outside.
        var surroundings = Surroundings()

        /// Where the metrics of the run in progress are served; `nil` if they are not.
        public var metrics: MetricsSource?

        /// Options from their parts.
        public init(
            resultsFolder: String, threads: Int, command: [String], nodeExecutable: String,
            recordings: Schedule.Recordings = [:],
            calibration: Calibration? = nil
        ) {
            self.resultsFolder = resultsFolder
            self.threads = threads
            self.command = command
            self.nodeExecutable = nodeExecutable
            self.recordings = recordings
            self.calibration = calibration
        }
    }

    /// What came of a run.
    public struct Result: Sendable {
        /// The run's folder.
        public var folder: String
        /// The evidence, as the folder has it.
        public var evidence: RunEvidence
        /// The verdict on the evidence.
        public var verdict: RunVerdict
        /// Whether the run was stopped before its end.
        public var isInterrupted: Bool
        /// Why the load was never sent, in words; `nil` if it was.
        public var targetProblem: String?
        /// What evidence could not be written, in words; `nil` if all of it was.
        public var writeProblem: String?
        /// What is to be known of its secrets, in words; `nil` if they are masked without a trace.
        public var secretProblem: String?
    }

    /// Half of the cores, since the target is often on the same machine; at least 1, at most 8.
    public static var defaultThreads: Int {
        min(8, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) / 2))
    }

    private static let firstContactNanoseconds: UInt64 = 1_500_000_000
    private static let startDelayNanoseconds: UInt64 = 3_000_000
    /// The end of the last requests takes a moment.
    private static let endDelayNanoseconds: UInt64 = 500_000_000

    private let profile: Profile
    private let contract: Contract
    private let options: Options
    private let control: RunControl
    private let observe: @Sendable (RunProgress) -> Void

    /// A run of a valid profile; `observe` is called once a second, on the run's own thread.
    public init(
        profile: Profile, contract: Contract, options: Options, control: RunControl,
        observe: @escaping @Sendable (RunProgress) -> Void
    ) {
        self.profile = profile
        self.contract = contract
        self.options = options
        self.control = control
        self.observe = observe
    }

    /// Makes the run.
    ///
    /// - Throws: `CampaignError` where there can be none: a wrong target, a folder that cannot be
    ///   written, no descriptors. A target that does not answer is a result.
    public func execute() async throws -> Result {
        try Headroom.check(
            profile, threads: options.threads, descriptors: Descriptors.raiseLimit())
        let folder = try RunFolder.create(under: options.resultsFolder, name: profile.name)
        let loop = try EventLoop(name: "control", clock: options.surroundings.clock)
        defer { loop.stop() }
        let watchdog = Watchdog(
            control: control, timeoutNanoseconds: profile.limits.timeout.nanoseconds
        ) { [control] reason in
            EvidenceWriter.addLast(.stuck(reason), inFolder: folder.path)
            control.giveUp(reason)
        }
        let thread = try await WatchdogThread(watchdog, clock: options.surroundings.clock)
        defer { thread.stop() }
        return try await withTaskExecutorPreference(loop) {
            try await run(in: folder, on: loop, watchdog)
        }
    }

    private func run(
        in folder: RunFolder, on loop: EventLoop, _ watchdog: Watchdog
    ) async throws -> Result {
        watchdog.watch(loop, as: .control)
        defer { watchdog.forget(loop) }
        let server = try options.metrics.map {
            try MetricsServer($0.listener, on: loop, page: $0.page)
        }
        defer { server?.stop() }
        var started: RunningTarget?
        defer { started?.stop() }
        let address: String
        switch profile.target {
        case .url(let text): address = text
        case .embedded, .command:
            let target = try await start(command(), in: folder, on: loop)
            started = target
            address = target.url
        }
        let tree = try processes(of: started?.processID)
        let url = try TargetURL(address)
        var lanes = try options.surroundings.makeLanes(url, profile.network)
        let plan = try GeneratorPlan(
            profile, contract: contract, authority: lanes.authority,
            prefix: url.prefix ?? contract.basePath, recordings: options.recordings)
        var description = describe(address, process: started?.processID, folder: folder)
        try description.keep(document: contract.document, filesOf: profile, in: folder)
        let writer = try EvidenceWriter(folder: folder, description: description)
        let prefix = url.prefix ?? contract.basePath
        var lane = ControlLane(loop: loop, lanes: lanes, control: control)
        defer { lane.close() }
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
        var writeProblem: String?
        if let problem {
            let text = "the target \(address) \(problem.words)"
            try writer.append(event: RunEvent(timeSeconds: 0, kind: "target", detail: text))
            try writer.append(event: RunEvent(timeSeconds: 0, kind: "ended", detail: ""))
        } else {
            writeProblem = try await drive(
                plan, lanes: lanes, writer: writer, on: loop,
                target: TargetReader(lane: lane, tree: tree, port: lanes.loopbackPort), watchdog)
        }
        // To read and judge a long run takes as long as it takes.
        watchdog.forget(loop)
        // What a full disk did not take is said; what it took is judged.
        do { try writer.close() } catch { writeProblem = writeProblem ?? error.description }
        let evidence = try RunEvidence(reading: folder.path)
        let verdict = Judge.judge(evidence, profile: profile)
        return Result(
            folder: folder.path, evidence: evidence, verdict: verdict,
            isInterrupted: control.isStopRequested,
            targetProblem: problem.map { "the target \(address) \($0.words)" },
            writeProblem: writeProblem, secretProblem: Self.secretProblem(plan))
    }

    private static func secretProblem(_ plan: GeneratorPlan) -> String? {
        let count = plan.shortSecretCount
        guard count > 0 else { return nil }
        let secrets = count == 1 ? "a secret has" : "\(count) secrets have"
        return "\(secrets) fewer than \(SecretMask.minimumLength) characters: the evidence has *** "
            + "wherever those appear, from which they can be guessed"
    }

    /// The words of the command that starts the target: the reference node's, or the profile's.
    private func command() throws(CampaignError) -> [String] {
        guard case .command(let text) = profile.target else {
            guard access(options.nodeExecutable, X_OK) == 0 else {
                throw CampaignError(
                    .failure, "the reference node is not at \(options.nodeExecutable)",
                    hint: "build it with Scripts/build, or name another target with --target URL")
            }
            return ["moonbase", "--port", "0"]
        }
        guard case .command(let words) = try TargetSource(text) else {
            throw CampaignError(
                .usage, "target.command is a URL: \(text)", hint: "write it as target.url")
        }
        return words
    }

    /// Starts the target's command, under the probe where the profile asks for it.
    private func start(
        _ words: [String], in folder: RunFolder, on loop: EventLoop
    ) async throws -> RunningTarget {
        var setting = RunningTarget.Setting(
            loop: loop, nodeExecutable: options.nodeExecutable,
            network: profile.network, logPath: "\(folder.path)/target.log",
            makeLanes: options.surroundings.makeLanes)
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
    private func processes(of started: pid_t?) throws -> ProcessTree? {
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
    private struct Problem {
        let words: String
        var isRefusal = false
        var isBreak = false
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

    /// Fires the load and collects the evidence; gives what could not be written.
    private func drive(
        _ plan: GeneratorPlan, lanes: LaneFactory, writer: EvidenceWriter, on loop: EventLoop,
        target: TargetReader, _ watchdog: Watchdog
    ) async throws -> String? {
        var loops: [EventLoop] = []
        defer {
            for loop in loops {
                watchdog.forget(loop)
                loop.stop()
            }
        }
        var meters: [LoopBound<LoopMeter>] = []
        let mayGoFirst = mayGoFirst
        var goFirst = true
        for index in 0..<threads {
            let loop = try EventLoop(name: "generator-\(index)", clock: options.surroundings.clock)
            loops.append(loop)
            watchdog.watch(loop, as: .generator)
            let (meter, goesFirst) = await withTaskExecutorPreference(loop) {
                let goesFirst = loop.runPromptly(atRealTime: mayGoFirst)
                return (LoopBound(LoopMeter(loop), to: loop), goesFirst)
            }
            meters.append(meter)
            goFirst = goFirst && goesFirst
        }
        if let problem = Self.secretProblem(plan) {
            try writer.append(event: RunEvent(timeSeconds: 0, kind: "warning", detail: problem))
        }
        // Only now, since threads and the node that this one starts would be behind others, too.
        loop.runBehindOthers()
        let start = loop.nowNanoseconds + Self.startDelayNanoseconds
        let shards = loops.enumerated().map { index, loop in
            let share = Shard.Share(index: index, count: threads)
            return (loop: loop, shard: makeShard(plan, share, loop, lanes, start))
        }
        // Flushed with the first second; a disk that is slow now would delay the first requests.
        try writer.append(
            event: RunEvent(
                timeSeconds: 0, kind: "started",
                detail: "\(profile.name) at monotonic \(Double(start) / 1e9) s"
                    + (goFirst ? ", threads at real-time priority" : "")))
        let ticker = SecondTicker(
            shards: shards, meters: meters, profile: profile, plan: plan, writer: writer,
            start: start, target: target, heap: HeapWatch(target.probed, on: loop),
            watchdog: watchdog, loop: loop, readSteal: options.surroundings.readSteal,
            observe: observe)
        watchdog.expectEnd(at: start + plan.latestEndNanoseconds + Self.endDelayNanoseconds)
        let isOver = Locked(false)
        let running = shards
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { group in
                    for (loop, shard) in running {
                        group.addTask(executorPreference: loop) { await Shard.run(shard) }
                    }
                }
                isOver.withLock { $0 = true }
                await withTaskExecutorPreference(loop) { loop.wakeSleepers() }
            }
            await ticker.run(control: control, isOver: { isOver.withLock { $0 } })
        }
        return ticker.writeError
    }

    /// Whether the generator's threads may go before all others.
    ///
    /// They may on cores that were given to them, where they wait between due times; elsewhere they
    /// would take the target's.
    private var mayGoFirst: Bool {
        profile.pacing == .precise && profile.load.allSatisfy(\.model.isOpen)
            && EventLoop.hasOwnProcessors(atLeast: threads)
    }

    /// The generator's threads: no more than share the limits between them.
    private var threads: Int {
        min(options.threads, profile.limits.inFlight, profile.limits.connections ?? .max)
    }

    private func makeShard(
        _ plan: GeneratorPlan, _ share: Shard.Share, _ loop: EventLoop, _ lanes: LaneFactory,
        _ start: UInt64
    ) -> LoopBound<Shard> {
        let most = profile.limits.connections ?? Headroom.maximumAtOnce(profile)
        let lane = lanes.lane(
            on: loop,
            maximumConnections: max(
                1, most / share.count + (share.index < most % share.count ? 1 : 0))
        )
        return LoopBound(
            Shard(plan: plan, share: share, loop: loop, transport: lane, startNanoseconds: start),
            to: loop)
    }

    private func describe(
        _ address: String, process: pid_t?, folder: RunFolder
    ) -> RunDescription {
        RunDescription(
            id: folder.id, profile: profile, target: address,
            targetProcess: process.map { Int($0) }, command: options.command,
            threads: threads, calibration: options.calibration)
    }
}
