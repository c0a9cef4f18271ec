package import Contracts
package import Profiles

/// Turns the scenarios of a profile into programs.
package struct StepCompiler {
    let contract: Contract
    /// The rows of the statistics.
    let operations: [String]
    let groups: [String]
    let feeds: [CompiledFeed]
    let requests: RequestCompiler
    let refusals: CheckedSettings.Refusals

    /// Where a step stands.
    private struct Place {
        let scenario: Scenario
        /// The requests behind it in the text, one for each time that they are sent.
        var following: Int
        var loops: [Int]
        var hasMorePages = false
    }

    package init(
        contract: Contract, operations: [String], groups: [String], feeds: [CompiledFeed],
        requests: RequestCompiler,
        refusals: CheckedSettings.Refusals = CheckedSettings.Refusals()
    ) {
        self.contract = contract
        self.operations = operations
        self.groups = groups
        self.feeds = feeds
        self.requests = requests
        self.refusals = refusals
    }

    package func compile(_ scenario: Scenario) throws(GeneratorError) -> CompiledScenario {
        var variables: [String] = []
        for extraction in scenario.requests.flatMap(\.save)
        where !variables.contains(extraction.variable) {
            variables.append(extraction.variable)
        }
        let names = TemplateWriter.Names(
            variables: variables, feeds: feeds.map { ($0.name, $0.table.columns) })
        var program = CompiledScenario.Program(names: names)
        program.key = try scenario.checkedKey.map { key throws(GeneratorError) in
            try TemplateWriter.text(key, .verbatim, names)
        }
        try append(
            scenario.steps, to: &program, Place(scenario: scenario, following: 0, loops: []))
        let used = usedFeeds(program)
        return CompiledScenario(
            scenario, program, feeds: used,
            isRandom: isRandom(program, scenario) || used.contains { feeds[$0].order == .random })
    }

    private func append(
        _ steps: [Step], to program: inout CompiledScenario.Program, _ place: Place
    ) throws(GeneratorError) {
        var inner = place
        inner.following = Self.added(place.following, Self.count(steps))
        for (index, step) in steps.enumerated() {
            inner.hasMorePages = index + 1 < steps.count && steps[index + 1].isFurtherPage
            inner.following = max(0, inner.following - Self.count([step]))
            try append(step, to: &program, inner)
        }
    }

    private func append(
        _ step: Step, to program: inout CompiledScenario.Program, _ place: Place
    ) throws(GeneratorError) {
        switch step {
        case .request(let request):
            let compiled = try compile(request, program.names, place)
            program.steps.append(compiled)
            program.instructions.append(.request(compiled))
        case .think(let delay): program.instructions.append(.think(delay))
        case .group(let name, let steps):
            program.instructions.append(.beginGroup(groups.firstIndex(of: name) ?? 0))
            try append(steps, to: &program, place)
            program.instructions.append(.endGroup)
        case .choice(let condition, let then, let otherwise):
            program.hasChoices = true
            let branch = program.instructions.count
            let compiled = try compile(condition, program.names)
            program.instructions.append(.branch(compiled, otherwise: 0))
            try append(then, to: &program, place)
            let jump = program.instructions.count
            if !otherwise.isEmpty { program.instructions.append(.jump(0)) }
            program.instructions[branch] = .branch(
                compiled, otherwise: program.instructions.count)
            if otherwise.isEmpty { return }
            try append(otherwise, to: &program, place)
            program.instructions[jump] = .jump(program.instructions.count)
        case .repetition(let count, let until, let steps):
            let loop = program.loops.count
            program.loops.append(Self.count(steps))
            program.instructions.append(.beginLoop(loop, rounds: count))
            var inner = place
            inner.loops.append(loop)
            let start = program.instructions.count
            try append(steps, to: &program, inner)
            let condition = try until.map { until throws(GeneratorError) in
                try compile(until, program.names)
            }
            program.instructions.append(.endLoop(loop, start: start, until: condition))
        }
    }

    // MARK: Parts

    private func compile(
        _ request: RequestStep, _ names: TemplateWriter.Names, _ place: Place
    ) throws(GeneratorError) -> CompiledStep {
        let operation = request.operation.flatMap { contract.operations[$0] }
        if let id = request.operation, operation == nil {
            throw GeneratorError(
                message: "the contract has no operation \(id)",
                hint: "it has \(contract.operations.keys.sorted().joined(separator: ", "))")
        }
        var saves: [CompiledStep.Save] = []
        for save in request.save { saves.append(try compile(save, names)) }
        let keepsCookies = place.scenario.keepsCookies
        let template = try requests.template(
            of: request, operation, names, hasCookies: keepsCookies)
        let method =
            if case .url(let method, _) = request.call { method } else { operation?.method ?? "" }
        return CompiledStep(
            template,
            CompiledStep.Parts(
                operation: operation,
                operationIndex: operations.firstIndex(of: request.rowName) ?? 0,
                isHead: method == "HEAD", expect: request.expect,
                expectation: try CompiledExpectation(request.expect, names), saves: saves,
                keepsCookies: keepsCookies, access: try request.checked.map(compile),
                hasMorePages: place.hasMorePages, think: request.think ?? place.scenario.think,
                following: place.following, loops: place.loops))
    }

    private func compile(
        _ save: RequestStep.Extraction, _ names: TemplateWriter.Names
    ) throws(GeneratorError) -> CompiledStep.Save {
        CompiledStep.Save(
            variable: names.variables.firstIndex(of: save.variable) ?? 0,
            source: try compile(save.source))
    }

    private func compile(
        _ source: RequestStep.Extraction.Source
    ) throws(GeneratorError) -> CompiledStep.Save.Source {
        switch source {
        case .path(let path): .path(path)
        case .header(let name): .header(Array(name.lowercased().utf8))
        case .expression(let text): .expression(try RegularExpression(compiling: text))
        }
    }

    private func compile(_ access: CheckedAccess) throws(GeneratorError) -> CompiledAccess {
        var source: CompiledStep.Save.Source?
        if case .get(let place) = access { source = try compile(place) }
        return CompiledAccess(access, source: source, refusals: refusals)
    }

    private func compile(
        _ condition: Condition, _ names: TemplateWriter.Names
    ) throws(GeneratorError) -> CompiledCondition {
        func template(_ text: String) throws(GeneratorError) -> Template {
            try TemplateWriter.text(text, .verbatim, names)
        }
        switch condition {
        case .chance(let share):
            return CompiledCondition(value: try template(""), test: .chance(share))
        case .compare(let text, let test):
            let compiled: CompiledCondition.Test =
                switch test {
                case .equals(let other): .equals(try template(other))
                case .isNot(let other): .isNot(try template(other))
                case .matches(let text): .matches(try RegularExpression(compiling: text))
                case .above(let bound): .above(bound)
                case .below(let bound): .below(bound)
                }
            return CompiledCondition(value: try template(text), test: compiled)
        }
    }

    // MARK: What a program needs

    private func templates(_ program: CompiledScenario.Program) -> [Template] {
        var templates = [program.key].compactMap(\.self)
        templates += program.steps.flatMap { [$0.template] + ($0.expectation?.templates ?? []) }
        for instruction in program.instructions {
            switch instruction {
            case .branch(let condition, _), .endLoop(_, _, let condition?):
                templates += condition.templates
            default: break
            }
        }
        return templates
    }

    private func usedFeeds(_ program: CompiledScenario.Program) -> [Int] {
        let slots = templates(program).flatMap(\.pieces).map(\.slot)
        return feeds.indices.filter { index in
            slots.contains { if case .column(index, _) = $0 { true } else { false } }
        }
    }

    private func isRandom(_ program: CompiledScenario.Program, _ scenario: Scenario) -> Bool {
        if templates(program).contains(where: \.isRandom) { return true }
        if scenario.pacing != nil || program.steps.contains(where: { $0.think != nil }) {
            return true
        }
        return program.instructions.contains { instruction in
            switch instruction {
            case .think: true
            case .branch(let condition, _), .endLoop(_, _, let condition?): condition.isChance
            default: false
            }
        }
    }

    /// The requests that steps send where nothing fails; of a choice, those of its `then`.
    static func count(_ steps: [Step]) -> Int {
        steps.reduce(0) { sum, step in
            switch step {
            case .request: added(sum, 1)
            case .think: sum
            case .group(_, let steps): added(sum, count(steps))
            case .choice(_, let then, _): added(sum, count(then))
            case .repetition(let rounds, _, let steps):
                added(sum, min(rounds, maximumCounted) * min(count(steps), maximumCounted))
            }
        }
    }

    /// Beyond this nobody counts: nested repetitions multiply.
    private static let maximumCounted = 1_000_000_000

    private static func added(_ left: Int, _ right: Int) -> Int {
        min(left + right, maximumCounted)
    }
}

extension Step {
    /// Whether it lists a further page of a log.
    fileprivate var isFurtherPage: Bool {
        if case .request(let request) = self, case .more = request.checked { true } else { false }
    }
}
