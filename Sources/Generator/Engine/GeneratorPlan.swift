import Collector
public import Contracts
import Exchanges
public import Profiles
public import Requests
public import Schedules

/// A profile made ready to fire: requests rendered but for their slots, names turned into indices.
public struct GeneratorPlan: Sendable {
    /// When each open arrival is due.
    public let schedule: Schedule
    /// The phases, as the profile has them.
    public private(set) var phases: [Phase]
    /// Every operation that a step names, each once, in the order of first use.
    public let operations: [String]
    /// Every group that a scenario has, each once, in the order of first use.
    public let groups: [String]
    /// The bounds of the generator.
    public let limits: Limits
    /// How closely due times are kept.
    public let pacing: Pacing
    private(set) var scenarios: [CompiledScenario]
    let weights: [Int]
    /// A random number of the run.
    let run = UInt32.random(in: 0 ... .max)
    /// What the keys of checked scenarios begin with.
    let runPrefix: [UInt8]
    /// What reads the keys of checked scenarios back.
    private let readers: [CompiledScenario]
    /// Which of them reads those of a scenario; `nil` if it is not checked.
    private(set) var readerOfScenario: [Int?] = []
    /// Whether any scenario is checked.
    public var isChecked: Bool { scenarios.contains { $0.key != nil } }
    let feeds: [CompiledFeed]
    let seed: UInt64
    /// The exact latency counters that the objectives need.
    let thresholds: [Recorder.Threshold]
    /// Keeps the secrets of its requests out of the evidence.
    let mask: SecretMask
    /// How many of these secrets are too short to be masked without a trace.
    public var shortSecretCount: Int { mask.shortSecretCount }

    /// Compiles a profile against its contract.
    ///
    /// - Parameters:
    ///   - authority: host and port for the Host field.
    ///   - prefix: what stands before every path, as `/api/v0`; may be empty.
    ///   - recordings: the due times of the profile's replays.
    /// - Throws: `GeneratorError` for an operation that the contract does not have.
    public init(
        _ profile: Profile, contract: Contract, authority: String, prefix: String,
        recordings: Schedule.Recordings = [:]
    ) throws(GeneratorError) {
        schedule = Schedule(profile, recordings: recordings)
        phases = profile.load
        limits = profile.limits
        pacing = profile.pacing
        weights = profile.scenarios.map(\.weight)
        seed = profile.seed
        var operations: [String] = []
        for step in profile.scenarios.flatMap(\.requests)
        where !operations.contains(step.rowName) {
            operations.append(step.rowName)
        }
        self.operations = operations
        var groups: [String] = []
        for name in profile.scenarios.flatMap(\.groups) where !groups.contains(name) {
            groups.append(name)
        }
        self.groups = groups
        feeds = try Self.feeds(profile)
        let compiler = StepCompiler(
            contract: contract, operations: operations, groups: groups, feeds: feeds,
            requests: RequestCompiler(
                authority: authority, prefix: prefix,
                // Below the target's own path, which the base path of the contract is no part of.
                root: prefix == contract.basePath ? "" : prefix,
                isCompressed: profile.network.isCompressed),
            refusals: profile.checked.refusals)
        var scenarios: [CompiledScenario] = []
        for scenario in profile.scenarios { scenarios.append(try compiler.compile(scenario)) }
        self.scenarios = scenarios
        let hexadecimal = String(run, radix: 16)
        runPrefix = Array(
            "\(String(repeating: "0", count: 8 - hexadecimal.count))\(hexadecimal)-".utf8)
        var readers: [CompiledScenario] = []
        for scenario in profile.scenarios {
            let reader = scenario.checkedKey.flatMap { _ in profile.reader(of: scenario)?.readBack }
            readerOfScenario.append(reader == nil ? nil : readers.count)
            if let reader { readers.append(try compiler.compile(reader)) }
        }
        self.readers = readers
        thresholds = profile.objectives.compactMap { objective in
            guard let bound = objective.thresholdNanoseconds else { return nil }
            guard let name = objective.operation else {
                return Recorder.Threshold(operation: nil, nanoseconds: bound)
            }
            // What is named like an operation is one.
            if let operation = operations.firstIndex(of: name) {
                return Recorder.Threshold(operation: operation, nanoseconds: bound)
            }
            return groups.firstIndex(of: name).map {
                Recorder.Threshold(operation: nil, nanoseconds: bound, group: $0)
            }
        }
        mask = SecretMask(
            scenarios.flatMap(\.steps).flatMap(\.secrets) + Self.secrets(ofProxy: profile))
    }

    /// The plan that reads keys back, whose only load is `Shard.readBack`.
    public var forReadingBack: Self {
        var plan = self
        plan.scenarios = readers
        // Its requests have their whole timeout, although the load is over.
        for index in plan.phases.indices { plan.phases[index].gracefulStop = nil }
        return plan
    }

    /// What the proxy's URL takes from the environment.
    private static func secrets(ofProxy profile: Profile) -> [String] {
        SlotText(profile.network.proxy ?? "").parts.compactMap { part in
            guard case .slot(.environment(let name)) = part else { return nil }
            return EnvironmentVariable.value(of: name)
        }
    }

    /// What requests that are in flight at the end of the load have left, in nanoseconds.
    var graceNanoseconds: UInt64 { (limits.gracefulStop ?? limits.timeout).nanoseconds }

    /// When the last request has ended at the latest, in nanoseconds from the start of the load.
    public var latestEndNanoseconds: UInt64 { schedule.endNanoseconds + graceNanoseconds }

    private static func feeds(_ profile: Profile) throws(GeneratorError) -> [CompiledFeed] {
        var feeds: [CompiledFeed] = []
        for feed in profile.data {
            let table: DataTable
            do { table = try feed.table ?? DataTable(file: feed.file) } catch {
                throw GeneratorError(
                    message: "\(error)", hint: "the profile takes the data \(feed.name) from it")
            }
            feeds.append(
                CompiledFeed(
                    name: feed.name, order: feed.order, table: table,
                    userCount: profile.load.reduce(0) { $0 + ($1.model.maximumUsers ?? 0) }))
        }
        return feeds
    }
}
