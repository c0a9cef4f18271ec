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

        /// The program that guards faults, beside loadgen; for profiles that have some.
        public var faultGuard = ""

        /// What it has from outside.
        var environment = RunEnvironment()

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

    let profile: Profile
    private let contract: Contract
    let options: Options
    let control: RunControl
    let observe: @Sendable (RunProgress) -> Void

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
        try FaultRunName.check(profile)
        try Headroom.check(
            profile, threads: options.threads, descriptors: Descriptors.raiseLimit())
        let folder = try RunFolder.create(under: options.resultsFolder, name: profile.name)
        let loop = try EventLoop(name: "control", clock: options.environment.clock)
        defer { loop.stop() }
        let watchdog = Watchdog(
            control: control, timeoutNanoseconds: profile.limits.timeout.nanoseconds
        ) { [control] reason in
            EvidenceWriter.addLast(.stuck(reason), inFolder: folder.path)
            control.giveUp(reason)
        }
        let thread = try await WatchdogThread(watchdog, clock: options.environment.clock)
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
        let started = StartedTarget()
        defer { started.end() }
        let address: String
        switch profile.target {
        case .url(let text): address = text
        case .embedded, .command: address = try await start(started, in: folder, on: loop)
        }
        let tree = try processes(of: started.running?.processID)
        let url = try TargetURL(address)
        var lanes = try options.environment.makeLanes(url, profile.network)
        let plan = try GeneratorPlan(
            profile, contract: contract, authority: lanes.authority,
            prefix: url.prefix ?? contract.basePath, recordings: options.recordings)
        var description = describe(address, process: started.running?.processID, folder: folder)
        try description.keep(document: contract.document, filesOf: profile, in: folder)
        let writer = try EvidenceWriter(folder: folder, description: description)
        let prefix = url.prefix ?? contract.basePath
        var lane = ControlLane(loop: loop, lanes: lanes, control: control)
        defer { lane.close() }
        let problem = await contact(&lane, &lanes, on: loop, prefix: prefix)
        var writeProblem: String?
        if let problem {
            let text = "the target \(address) \(problem.words)"
            try writer.append(event: RunEvent(timeSeconds: 0, kind: .target, detail: text))
            try writer.append(event: RunEvent(timeSeconds: 0, kind: .ended, detail: ""))
        } else {
            var target = try await loadedTarget(
                TargetReader(lane: lane, tree: tree, port: lanes.loopbackPort), at: url, by: lanes,
                in: folder)
            if started.running != nil, profile.checked.restarts {
                target.restart = {
                    try await restart(started, at: url.port, in: folder, on: loop)
                }
            }
            writeProblem = try await drive(plan, at: target, writer, on: loop, watchdog)
        }
        // Reading and judging a long run has no time limit.
        watchdog.forget(loop)
        // Evidence that a full disk did not take is reported; the rest is judged.
        do { try writer.close() } catch { writeProblem = writeProblem ?? error.description }
        let evidence = try RunEvidence(reading: folder.path)
        let verdict = Judge.judge(evidence, profile: profile)
        return Result(
            folder: folder.path, evidence: evidence, verdict: verdict,
            isInterrupted: control.isStopRequested,
            targetProblem: problem.map { "the target \(address) \($0.words)" },
            writeProblem: writeProblem, secretProblem: Self.secretProblem(plan))
    }

    static func secretProblem(_ plan: GeneratorPlan) -> String? {
        let count = plan.shortSecretCount
        guard count > 0 else { return nil }
        let secrets = count == 1 ? "a secret has" : "\(count) secrets have"
        return "\(secrets) fewer than \(SecretMask.minimumLength) characters: the evidence has *** "
            + "wherever those appear, from which they can be guessed"
    }

    private func describe(
        _ address: String, process: pid_t?, folder: RunFolder
    ) -> RunDescription {
        var description = RunDescription(
            id: folder.id, profile: profile, target: address,
            targetProcess: process.map { Int($0) }, command: options.command, threads: threads)
        description.calibration = options.calibration
        return description
    }
}
