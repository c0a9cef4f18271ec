public import Contracts
import EventLoops
import Evidence
import Exchanges
public import Profiles
public import Targets
public import Verdicts

/// Several fresh runs of one profile, one after another, and what they say together.
///
/// A target that loadgen starts is started anew for each run, and each run has a seed of its own:
/// the profile's for the first one, one more for each that follows. So what a process has by its
/// addresses, its start or its arrivals differs from run to run, as it will from these to the next.
public struct RepeatedRun: Sendable {
    /// What repeated runs need besides their profile.
    public struct Options: Sendable {
        /// How many runs are made.
        public var count: Int
        /// What each run needs; its results folder is where the folder of all of them is made.
        public var run: SingleRun.Options

        /// Options from their parts.
        public init(count: Int, run: SingleRun.Options) {
            precondition(count >= 1, "\(count)")
            self.count = count
            self.run = run
        }
    }

    /// What came of it.
    public struct Result: Sendable {
        /// The folder of all runs.
        public var folder: String
        /// What they say together.
        public var record: RepeatRecord
        /// Whether it was stopped before its end; a run that was not over is left out.
        public var isInterrupted: Bool
        /// Why a run sent no load or kept no evidence, in words; `nil` if every one did.
        public var problem: String?
    }

    private let profile: Profile
    private let contract: Contract
    private let options: Options
    private let control: RunControl
    private let observe: @Sendable (Int, RunProgress) -> Void
    private let finish: @Sendable (Int, Profile, SingleRun.Result) -> Void

    /// Runs of a valid profile; `observe` is called with the run's number once a second, `finish`
    /// after each run, with the profile as run.
    public init(
        profile: Profile, contract: Contract, options: Options, control: RunControl,
        observe: @escaping @Sendable (Int, RunProgress) -> Void,
        finish: @escaping @Sendable (Int, Profile, SingleRun.Result) -> Void
    ) {
        self.profile = profile
        self.contract = contract
        self.options = options
        self.control = control
        self.observe = observe
        self.finish = finish
    }

    /// Makes the runs; one that sends no load or loses its evidence ends the series.
    ///
    /// - Throws: `CampaignError` where there can be no run; `EvidenceError` where nothing can be
    ///   written.
    public func execute() async throws -> Result {
        let folder = try RunFolder.create(
            under: options.run.resultsFolder, name: "\(profile.name)-repeat")
        let start = options.run.environment.clock.nowNanoseconds
        var runs: [Repetition] = []
        var target = ""
        var problem: String?
        while runs.count < options.count, problem == nil, !control.isStopRequested {
            let number = runs.count + 1
            let profile = Self.profile(profile, number: number)
            var run = options.run
            run.resultsFolder = "\(folder.path)/runs"
            let result = try await SingleRun(
                profile: profile, contract: contract, options: run, control: control,
                observe: { observe(number, $0) }
            ).execute()
            finish(number, profile, result)
            if control.isStopRequested { break }
            target = result.evidence.description.target
            problem = (result.targetProblem ?? result.writeProblem).map { "run \(number): \($0)" }
            runs.append(
                Repetition(
                    result.evidence, profile: profile, verdict: result.verdict,
                    of: options.count))
        }
        var record = RepeatJudge(profile: profile, runs: runs, wanted: options.count).record(
            target: name(target),
            seconds: Double(options.run.environment.clock.nowNanoseconds - start) / 1e9)
        if case .url = profile.target {
            record.notes.append(
                "the target stayed up from run to run, so that what a fresh start changes is not "
                    + "in the spread.")
        }
        record.notes += problem.map { ["\($0)."] } ?? []
        record.notes += profile.network.allowance.map { ["\($0)."] } ?? []
        return Result(
            folder: folder.path, record: record, isInterrupted: control.isStopRequested,
            problem: problem)
    }

    /// The profile of a run, the first of which has number 1.
    static func profile(_ profile: Profile, number: Int) -> Profile {
        var profile = profile
        profile.seed &+= UInt64(number - 1)
        return profile
    }

    private func name(_ url: String) -> String {
        switch profile.target {
        case .url: url
        case .embedded: "moonbase"
        case .command(let text): text
        }
    }
}
