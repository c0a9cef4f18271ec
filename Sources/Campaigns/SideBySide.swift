public import Contracts
import EventLoops
import Evidence
import Exchanges
import FoundationEssentials
public import Profiles
import Statistics
public import Targets
public import Verdicts

/// Two targets compared side by side: rounds in which each runs once, with the same seed.
///
/// The order within a round turns from one to the next (A B, B A), so that a drift of the machine
/// falls on both; a command is started anew for each run, since a process can be slow by its
/// addresses alone.
public struct SideBySide: Sendable {
    /// What a comparison needs besides its profile.
    public struct Options: Sendable {
        /// The target that is the measure.
        public var baseline: TargetSource
        /// The target that is judged.
        public var candidate: TargetSource
        /// How it is judged.
        public var rule: ComparisonRule
        /// How long the judged load of one run takes, in seconds.
        public var roundSeconds: Double
        /// When no further round begins, in seconds.
        public var maximumSeconds: Double
        /// What each run needs; its results folder is where the comparison's folder is made.
        public var run: SingleRun.Options

        /// Options from their parts.
        public init(
            baseline: TargetSource, candidate: TargetSource, rule: ComparisonRule,
            roundSeconds: Double, maximumSeconds: Double, run: SingleRun.Options
        ) {
            self.baseline = baseline
            self.candidate = candidate
            self.rule = rule
            self.roundSeconds = roundSeconds
            self.maximumSeconds = maximumSeconds
            self.run = run
        }
    }

    /// How far a comparison is.
    public struct Progress: Sendable {
        /// Rounds that are whole.
        public var rounds: Int
        /// Time since the start, in seconds.
        public var seconds: Double
        /// What the rounds say so far; its words are those of the looks that were taken.
        public var comparison: Comparison
    }

    /// What came of it.
    public struct Result: Sendable {
        /// The comparison's folder.
        public var folder: String
        /// The record that stands in the folder.
        public var record: ComparisonRecord
        /// Whether it was stopped before its end.
        public var isInterrupted: Bool
    }

    /// A round whose runs prove nothing is repeated, up to this many times in all.
    private static let maximumRepeats = 5

    private let profile: Profile
    private let contract: Contract
    private let options: Options
    private let control: RunControl
    private let observe: @Sendable (Progress) -> Void

    /// A comparison by a valid profile; `observe` is called after every round.
    public init(
        profile: Profile, contract: Contract, options: Options, control: RunControl,
        observe: @escaping @Sendable (Progress) -> Void
    ) {
        self.profile = RoundProfile.shortened(profile, to: options.roundSeconds)
        self.contract = contract
        self.options = options
        self.control = control
        self.observe = observe
    }

    /// Makes rounds until a look decides, the last look is taken, or the time is over.
    ///
    /// - Throws: `CampaignError` where a target cannot be started or loaded; `EvidenceError` where
    ///   nothing can be written.
    public func execute() async throws -> Result {
        let folder = try RunFolder.create(
            under: options.run.resultsFolder, name: "\(profile.name)-comparison")
        let loop = try EventLoop(name: "comparison", clock: options.run.environment.clock)
        defer { loop.stop() }
        return try await withTaskExecutorPreference(loop) {
            try await rounds(in: folder, on: loop)
        }
    }

    private func rounds(in folder: RunFolder, on loop: EventLoop) async throws -> Result {
        let start = loop.nowNanoseconds
        func seconds() -> Double { Double(loop.nowNanoseconds - start) / 1e9 }
        var random = SeededRandom(seed: profile.seed)
        var isTurned = random.next() % 2 == 0
        var sides = (baseline: [RunFigures](), candidate: [RunFigures]())
        var repeats: [String] = []
        var longest = 0.0
        var ending: String?
        while !control.isStopRequested {
            let comparison = judge(sides)
            if let reason = self.ending(
                comparison, rounds: sides.baseline.count, longest: longest, seconds: seconds())
            {
                ending = reason
                break
            }
            let round = sides.baseline.count + repeats.count
            let began = seconds()
            guard let pair = try await self.round(round, isTurned: isTurned, in: folder, on: loop)
            else { break }
            longest = max(longest, seconds() - began)
            isTurned.toggle()
            let problems = (pair.baseline.problems + pair.candidate.problems)
            if !problems.isEmpty, repeats.count < Self.maximumRepeats {
                repeats.append("round \(round + 1) was repeated: \(problems[0])")
                continue
            }
            sides.baseline.append(pair.baseline)
            sides.candidate.append(pair.candidate)
            observe(
                Progress(
                    rounds: sides.baseline.count, seconds: seconds(), comparison: judge(sides)))
        }
        var comparison = judge(sides)
        comparison.notes += repeats + (ending.map { [$0] } ?? [])
        comparison.notes += profile.network.allowance.map { ["\($0)."] } ?? []
        var record = ComparisonRecord(
            comparison: comparison, baselineName: name(options.baseline),
            candidateName: name(options.candidate), profile: profile.name,
            baseline: sides.baseline, candidate: sides.candidate)
        record.seconds = seconds()
        return Result(
            folder: folder.path, record: record, isInterrupted: control.isStopRequested)
    }

    private func judge(_ sides: (baseline: [RunFigures], candidate: [RunFigures])) -> Comparison {
        Comparison(baseline: sides.baseline, candidate: sides.candidate, rule: options.rule)
    }

    /// Why no further round is made; `nil` if one is.
    ///
    /// Rounds beyond a look that the next one cannot follow in time would prove nothing.
    private func ending(
        _ comparison: Comparison, rounds: Int, longest: Double, seconds: Double
    ) -> String? {
        if comparison.word != .inconclusive, comparison.looks.last == rounds {
            return "decided after \(rounds) rounds."
        }
        if comparison.word == .invalid, rounds > 0 { return "the runs prove nothing." }
        guard let next = Comparison.nextLook(after: rounds) else {
            return "\(rounds) rounds are all that were agreed on."
        }
        let needed = seconds + longest * Double(next - rounds)
        guard needed > options.maximumSeconds, rounds > 0 else { return nil }
        return "the look at \(next) rounds would have come after "
            + "\(Figure.significant(needed)) s, and --max-duration is "
            + "\(Figure.significant(options.maximumSeconds)) s."
    }

    private func name(_ source: TargetSource) -> String {
        switch source {
        case .url(let url): url
        case .command(let words): words.joined(separator: " ")
        }
    }

    // MARK: One round

    /// Both runs of a round; `nil` if they were stopped.
    private func round(
        _ round: Int, isTurned: Bool, in folder: RunFolder, on loop: EventLoop
    ) async throws -> (baseline: RunFigures, candidate: RunFigures)? {
        func run(_ side: String, _ source: TargetSource) async throws -> RunFigures? {
            try await self.run(source, side: side, round: round, in: folder, on: loop)
        }
        let early = isTurned ? try await run("candidate", options.candidate) : nil
        let baseline = try await run("base", options.baseline)
        let late = isTurned ? nil : try await run("candidate", options.candidate)
        guard let baseline, let candidate = early ?? late else { return nil }
        return (baseline, candidate)
    }

    /// One run of one side: the target is read before and after it, from outside; `nil` if it
    /// was stopped.
    private func run(
        _ source: TargetSource, side: String, round: Int, in folder: RunFolder,
        on loop: EventLoop
    ) async throws -> RunFigures? {
        guard !control.isStopRequested else { return nil }
        let target = try await RunningTarget.start(
            source,
            RunningTarget.Setting(
                loop: loop, nodeExecutable: options.run.nodeExecutable,
                network: profile.network, logPath: "\(folder.path)/\(side).log",
                makeLanes: options.run.environment.makeLanes))
        defer { target.stop() }
        var profile = profile
        profile.target = .url(target.url)
        profile.watch = Watch()
        profile.seed &+= UInt64(round)
        var run = options.run
        run.resultsFolder = "\(folder.path)/\(side)"
        let before = await target.read()
        let result = try await SingleRun(
            profile: profile, contract: contract, options: run, control: control,
            observe: { _ in }
        ).execute()
        let after = await target.read()
        guard !control.isStopRequested else { return nil }
        if let problem = result.targetProblem ?? result.writeProblem {
            throw CampaignError(
                .failure, "round \(round + 1), \(side): \(problem)",
                hint: "the output of a command is in \(folder.path)/\(side).log")
        }
        let evidence = result.evidence
        var figures = RunFigures(evidence, profile: profile)
        figures.setTarget(
            from: before, to: after, requests: RunFigures.ended(evidence.rows))
        return figures
    }
}
