public import Contracts
import EventLoops
import Evidence
import Exchanges
import Glibc
import Histograms
import Measurements
public import Profiles
public import Targets
public import Verdicts

/// Searches the highest rate at which every objective of a profile holds, step by step.
public struct CapacityCampaign: Sendable {
    /// What a search needs besides its profile.
    public struct Options: Sendable {
        /// What is loaded.
        public var target: TargetSource
        /// The first rate, a second.
        public var first: Double
        /// No rate above this is tried.
        public var most: Double
        /// No step begins after this, in seconds.
        public var maximumSeconds: Double
        /// How long a step lasts that is to confirm a rate, in seconds; `nil` for 60 s and at least
        /// twenty times the tightest latency bound.
        public var confirmSeconds: Double?
        /// What each run needs; its results folder is where the search's folder is made.
        public var run: SingleRun.Options

        /// Options from their parts.
        public init(
            target: TargetSource, first: Double, most: Double, maximumSeconds: Double,
            confirmSeconds: Double? = nil, run: SingleRun.Options
        ) {
            self.target = target
            self.first = first
            self.most = most
            self.maximumSeconds = maximumSeconds
            self.confirmSeconds = confirmSeconds
            self.run = run
        }
    }

    /// What came of it.
    public struct Result: Sendable {
        /// The search's folder.
        public var folder: String
        /// What was found.
        public var capacity: Capacity
        /// Whether it was stopped before its end.
        public var isInterrupted: Bool
    }

    private let profile: Profile
    private let contract: Contract
    private let options: Options
    private let control: RunControl
    private let observe: @Sendable (CapacityStep) -> Void

    private static let minimumPauseNanoseconds: UInt64 = 300_000_000
    private static let maximumPauseNanoseconds: UInt64 = 10_000_000_000

    /// A search by a valid profile with objectives; `observe` is called after every step.
    public init(
        profile: Profile, contract: Contract, options: Options, control: RunControl,
        observe: @escaping @Sendable (CapacityStep) -> Void
    ) {
        self.profile = profile
        self.contract = contract
        self.options = options
        self.control = control
        self.observe = observe
    }

    /// Takes steps until the search is over, or the time.
    ///
    /// - Throws: `CampaignError` where the profile has no objective, or the target cannot be
    ///   started or loaded; `EvidenceError` where nothing can be written.
    public func execute() async throws -> Result {
        guard !profile.objectives.isEmpty else {
            throw CampaignError(
                .usage, "the profile \(profile.name) has no objectives",
                hint: "capacity is the rate at which they hold; add one, as p(95) < 10ms")
        }
        let folder = try RunFolder.create(
            under: options.run.resultsFolder, name: "\(profile.name)-capacity")
        let loop = try EventLoop(name: "capacity", clock: options.run.environment.clock)
        defer { loop.stop() }
        return try await withTaskExecutorPreference(loop) {
            try await search(in: folder, on: loop)
        }
    }

    private func search(in folder: RunFolder, on loop: EventLoop) async throws -> Result {
        let start = loop.nowNanoseconds
        func seconds() -> Double { Double(loop.nowNanoseconds - start) / 1e9 }
        let target = try await RunningTarget.start(
            options.target,
            RunningTarget.Setting(
                loop: loop, nodeExecutable: options.run.nodeExecutable,
                network: profile.network, logPath: "\(folder.path)/target.log",
                makeLanes: options.run.environment.makeLanes))
        defer { target.stop() }
        var search = CapacitySearch(
            first: options.first, most: options.most, confidence: profile.confidence)
        var steps: [CapacityStep] = []
        var isLate = false
        while !control.isStopRequested, let step = search.next {
            guard seconds() < options.maximumSeconds else {
                isLate = true
                break
            }
            try await coolDown(target, after: steps.last?.outcome, in: folder, on: loop)
            guard !control.isStopRequested else { break }
            let taken = try await take(step, target, in: folder, on: loop)
            guard !control.isStopRequested else { break }
            search.observe(taken.outcome)
            steps.append(taken)
            observe(taken)
        }
        var capacity = Capacity(
            search: search, steps: steps, profile: profile.name, target: target.url,
            objectives: profile.objectives.map(\.description),
            processors: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        capacity.seconds = seconds()
        if isLate {
            capacity.notes.append(
                "the search was not over after \(Figure.significant(options.maximumSeconds)) s, "
                    + "which --max-duration allows.")
        }
        capacity.notes += profile.network.allowance.map { ["\($0)."] } ?? []
        return Result(
            folder: folder.path, capacity: capacity, isInterrupted: control.isStopRequested)
    }

    /// Waits until what an overloaded target still had to do is done: until it answers within the
    /// tightest objective.
    ///
    /// After a step that did not pass it is asked by a few requests of the profile's own: what
    /// loadgen asks for need not stand in the queue that they stand in.
    private func coolDown(
        _ target: RunningTarget, after outcome: CapacitySearch.Outcome?, in folder: RunFolder,
        on loop: EventLoop
    ) async throws {
        let start = loop.nowNanoseconds
        let wanted = profile.objectives.compactMap(\.thresholdNanoseconds).min() ?? 1_000_000_000
        while loop.nowNanoseconds - start < Self.maximumPauseNanoseconds,
            !control.isStopRequested
        {
            await loop.sleep(until: loop.nowNanoseconds + Self.minimumPauseNanoseconds)
            let asked = loop.nowNanoseconds
            guard await target.answers(), loop.nowNanoseconds - asked < wanted else {
                continue
            }
            guard let outcome, outcome != .pass else { return }
            let probe = CapacityProfile.probe(profile, at: target.url)
            var run = options.run
            run.resultsFolder = "\(folder.path)/cool-downs"
            let result = try await self.run(probe, run)
            let median = RunFigures(result.evidence, profile: probe)
                .value(.latency(partsPerMillion: 500_000))
            if let median, median < Double(wanted) { return }
        }
    }

    private func run(_ profile: Profile, _ options: SingleRun.Options) async throws
        -> SingleRun.Result
    {
        try await SingleRun(
            profile: profile, contract: contract, options: options, control: control,
            observe: { _ in }
        ).execute()
    }

    // MARK: One step

    private func take(
        _ step: CapacitySearch.Step, _ target: RunningTarget, in folder: RunFolder,
        on loop: EventLoop
    ) async throws -> CapacityStep {
        let profile = CapacityProfile.profile(
            profile, for: step, at: target.url, confirmSeconds: options.confirmSeconds)
        var run = options.run
        run.resultsFolder = "\(folder.path)/steps"
        let before = await target.read()
        let began = loop.nowNanoseconds
        let result = try await self.run(profile, run)
        let after = await target.read()
        let length = Double(loop.nowNanoseconds - began) / 1e9
        if let problem = result.targetProblem ?? result.writeProblem {
            throw CampaignError(
                .failure, "at \(Figure.significant(step.rate))/s: \(problem)",
                hint: "the output of a command is in \(folder.path)/target.log")
        }
        let evidence = result.evidence
        let span = profile.spans[profile.spans.count - 1]
        let (start, end) = (Double(span.start) / 1e9, Double(span.end) / 1e9)
        var taken = CapacityStep(
            step, outcome: CapacityOutcome.outcome(of: result.verdict),
            figures: RunFigures(evidence, profile: profile), seconds: end - start)
        taken.mean =
            evidence.histogram(.latency) { phase, _ in phase == CapacityProfile.phase }
            .mean
        if let from = before?.cpuSeconds, let to = after?.cpuSeconds {
            taken.cpu = (to - from) / length
        }
        taken.memory = after?.memoryBytes.map { Double($0) } ?? taken.memory
        (taken.reason, taken.bound) = CapacityOutcome.reason(
            result.verdict, profile.objectives)
        taken.take(CapacityStability(evidence.rows, from: start, to: end))
        return taken
    }
}
