import Profiles
import Requests

/// What makes a virtual user one of a closed phase; confined to its loop.
final class ClosedUser {
    let plan: any UserPlan
    /// Its number among the users of this shard in the phase, from 0.
    let index: Int
    /// The index of the phase.
    let phase: Int
    let choice: ScenarioChoice
    /// When its present iteration was due, monotonic nanoseconds.
    var due: UInt64 = 0
    /// Iterations that it has done.
    var completed = 0
    /// Whether the shard is starting an iteration of it.
    var isStarting = false
    /// Whether it is to begin another one.
    var isNextWanted = false

    init(plan: any UserPlan, index: Int, phase: Int, choice: ScenarioChoice) {
        self.plan = plan
        self.index = index
        self.phase = phase
        self.choice = choice
    }
}

/// The scenarios that a phase draws from.
struct ScenarioChoice {
    private let indices: [Int]
    private let weights: [Int]

    init(_ plan: GeneratorPlan, phase: Int) {
        let names = plan.phases[phase].scenarios
        indices = plan.scenarios.indices.filter {
            names.isEmpty || names.contains(plan.scenarios[$0].name)
        }
        weights = indices.map { plan.weights[$0] }
    }

    /// The index of a scenario, by weight.
    func draw(_ values: inout ValueSource) -> Int {
        indices[values.drawScenario(indices.count, weights: weights)]
    }
}
