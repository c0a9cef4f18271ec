package import Contracts
package import EventLoops
package import JSON
package import Profiles

/// A scenario as a program: its steps one behind the other, with jumps for choices and repetitions.
///
/// A class, so that a user takes one reference of it for an iteration.
package final class CompiledScenario: Sendable {
    /// One move of the program.
    package enum Instruction: Sendable {
        case request(CompiledStep)
        case think(Delay)
        /// A group begins, by its index in the plan.
        case beginGroup(Int)
        case endGroup
        /// Goes on where the condition holds, else at a place.
        case branch(CompiledCondition, otherwise: Int)
        case jump(Int)
        /// A loop begins, by its index in the scenario.
        case beginLoop(Int, rounds: Int)
        /// Goes back to a place while rounds are left, unless the condition holds.
        case endLoop(Int, start: Int, until: CompiledCondition?)
    }

    package let name: String
    package let instructions: [Instruction]
    /// The request of each instruction, which owns it; `nil` for one that sends nothing.
    package let requests: [Uncounted<CompiledStep>?]
    /// The requests in the order of the text.
    package let steps: [CompiledStep]
    package let variableCount: Int
    /// For each loop, the requests of one round.
    package let loops: [Int]
    /// The indices of the feeds that it takes rows of.
    package let feeds: [Int]
    /// Whether an iteration draws random numbers of its own.
    package let isRandom: Bool
    /// Whether a variable may be read that was not saved in this iteration.
    package let clearsVariables: Bool
    package let keepsCookies: Bool
    /// The key of an iteration; `nil` if the scenario is not checked, or its key is given.
    package let key: Template?
    /// From the start of an iteration to that of the user's next; `nil` for no such bound.
    package let pacing: Delay?

    init(
        _ scenario: Scenario, _ program: Program, feeds: [Int], isRandom: Bool
    ) {
        name = scenario.name
        instructions = program.instructions
        requests = program.instructions.map { instruction in
            if case .request(let step) = instruction { Uncounted(step) } else { nil }
        }
        steps = program.steps
        variableCount = program.names.variables.count
        loops = program.loops
        self.feeds = feeds
        self.isRandom = isRandom
        clearsVariables = program.hasChoices && variableCount > 0
        keepsCookies = scenario.keepsCookies
        key = program.key
        pacing = scenario.pacing
    }

    /// What a compiler puts together.
    struct Program {
        var names: TemplateWriter.Names
        var instructions: [Instruction] = []
        var steps: [CompiledStep] = []
        var loops: [Int] = []
        var hasChoices = false
        var key: Template?
    }
}

/// A condition with its texts made ready.
package final class CompiledCondition: Sendable {
    /// What is asked.
    package enum Test: Sendable {
        case equals(Template)
        case isNot(Template)
        case matches(RegularExpression)
        case above(JSONNumeral)
        case below(JSONNumeral)
        case chance(Double)
    }

    /// The text that is looked at; empty for a chance.
    package let value: Template
    package let test: Test

    init(value: Template, test: Test) {
        self.value = value
        self.test = test
    }
}

extension CompiledCondition {
    /// Whether it draws a random number.
    package var isChance: Bool { if case .chance = test { true } else { false } }

    /// Every text that may vary.
    package var templates: [Template] {
        switch test {
        case .equals(let other), .isNot(let other): [value, other]
        default: [value]
        }
    }
}
