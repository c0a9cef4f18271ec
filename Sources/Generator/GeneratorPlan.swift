import Collector
public import Contracts
import JSON
public import Profiles
public import Schedules

/// A profile made ready to fire: requests rendered but for their slots, names turned into indices.
public struct GeneratorPlan: Sendable {
    /// One scenario's steps, and how many variables they share.
    struct CompiledScenario: Sendable {
        let name: String
        let steps: [CompiledStep]
        let variableCount: Int
    }

    /// One request of a scenario.
    ///
    /// A class, so that a user takes one reference of it for a request, not one of each part.
    final class CompiledStep: Sendable {
        let operation: Operation
        let operationIndex: Int
        let template: RequestTemplate
        let saves: [(variable: Int, path: JSONPath)]
        let expectedStatus: Int?

        init(
            operation: Operation, operationIndex: Int, template: RequestTemplate,
            saves: [(variable: Int, path: JSONPath)], expectedStatus: Int?
        ) {
            self.operation = operation
            self.operationIndex = operationIndex
            self.template = template
            self.saves = saves
            self.expectedStatus = expectedStatus
        }
    }

    /// When each open arrival is due.
    public let schedule: Schedule
    /// The phases, as the profile has them.
    public let phases: [Phase]
    /// Every operation that a step names, each once, in the order of first use.
    public let operations: [String]
    /// The bounds of the generator.
    public let limits: Limits
    /// How closely due times are kept.
    public let pacing: Pacing
    let scenarios: [CompiledScenario]
    let weights: [Int]
    /// The exact latency counters that the objectives need.
    let thresholds: [Recorder.Threshold]
    private let secrets: [String]

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
        var operations: [String] = []
        for step in profile.scenarios.flatMap(\.steps) where !operations.contains(step.operation) {
            operations.append(step.operation)
        }
        self.operations = operations
        let compiler = StepCompiler(
            contract: contract, operations: operations, authority: authority, prefix: prefix)
        var scenarios: [CompiledScenario] = []
        for scenario in profile.scenarios { scenarios.append(try compiler.compile(scenario)) }
        self.scenarios = scenarios
        thresholds = profile.objectives.compactMap { objective in
            guard case .latencyQuantile(_, let bound) = objective.claim else { return nil }
            return Recorder.Threshold(
                operation: objective.operation.flatMap(operations.firstIndex(of:)),
                nanoseconds: bound)
        }
        secrets = scenarios.flatMap(\.steps).flatMap(\.template.secrets)
    }

    /// The first 2 KiB of a request or an answer, with every secret masked.
    func masked(_ bytes: [UInt8]) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: "***") }
        return String(text.prefix(2048))
    }
}

/// Why a profile could not be made ready to fire.
public struct GeneratorError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with the value.
    public let message: String
    /// What to do about it.
    public let hint: String

    /// An error from its parts.
    public init(message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String { "\(message); \(hint)" }
}
