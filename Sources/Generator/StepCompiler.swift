import Contracts
import JSON
import Profiles

/// Turns the steps of a profile into request templates.
struct StepCompiler {
    let contract: Contract
    let operations: [String]
    let authority: String
    let prefix: String

    func compile(_ scenario: Scenario) throws(GeneratorError) -> GeneratorPlan.CompiledScenario {
        var variables: [String] = []
        for extraction in scenario.steps.flatMap(\.save)
        where !variables.contains(extraction.variable) {
            variables.append(extraction.variable)
        }
        var steps: [GeneratorPlan.CompiledStep] = []
        for step in scenario.steps { steps.append(try compile(step, variables: variables)) }
        return GeneratorPlan.CompiledScenario(
            name: scenario.name, steps: steps, variableCount: variables.count)
    }

    private func compile(
        _ step: Step, variables: [String]
    ) throws(GeneratorError) -> GeneratorPlan.CompiledStep {
        guard let operation = contract.operations[step.operation],
            let index = operations.firstIndex(of: step.operation)
        else {
            throw GeneratorError(
                message: "the contract has no operation \(step.operation)",
                hint: "it has \(contract.operations.keys.sorted().joined(separator: ", "))")
        }
        let renderer = TemplateWriter(variables: variables)
        let body = step.body ?? operation.exampleBody
        let template = RequestTemplate(
            head: try head(of: step, operation, renderer, hasBody: body != nil),
            body: try body.map { value throws(GeneratorError) in try renderer.json(value) } ?? [],
            hasLength: body != nil || !["GET", "HEAD", "DELETE"].contains(operation.method))
        return GeneratorPlan.CompiledStep(
            operation: operation, operationIndex: index, template: template,
            saves: step.save.map { save in
                (variables.firstIndex(of: save.variable) ?? 0, save.path)
            },
            expectedStatus: step.expectedStatus)
    }

    private func head(
        of step: Step, _ operation: Operation, _ renderer: TemplateWriter, hasBody: Bool
    ) throws(GeneratorError) -> [RequestTemplate.Piece] {
        var pieces = [renderer.fixed("\(operation.method) \(prefix)")]
        for part in operation.path {
            switch part {
            case .literal(let text): pieces.append(renderer.fixed(text))
            case .parameter(let name):
                pieces += try renderer.text(step.path[name] ?? "", .percent)
            }
        }
        for (index, field) in step.query.enumerated() {
            pieces.append(renderer.fixed(index == 0 ? "?" : "&"))
            pieces += try renderer.text(field.name, .percent)
            pieces.append(renderer.fixed("="))
            pieces += try renderer.text(field.value, .percent)
        }
        pieces.append(renderer.fixed(" HTTP/1.1\r\nHost: \(authority)\r\n"))
        if hasBody { pieces.append(renderer.fixed("Content-Type: application/json\r\n")) }
        for field in step.headers {
            pieces.append(renderer.fixed("\(field.name): "))
            pieces += try renderer.text(field.value, .plain)
            pieces.append(renderer.fixed("\r\n"))
        }
        return renderer.joined(pieces)
    }
}

/// Writes text with `${name}` in it as the pieces of a template.
struct TemplateWriter {
    let variables: [String]

    func fixed(_ text: String) -> RequestTemplate.Piece { .bytes(Array(text.utf8)) }

    func text(
        _ text: String, _ encoding: RequestTemplate.Encoding
    ) throws(GeneratorError) -> [RequestTemplate.Piece] {
        var pieces: [RequestTemplate.Piece] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${"),
            let end = rest[start.upperBound...].firstIndex(of: "}")
        {
            pieces.append(encoded(rest[..<start.lowerBound], encoding))
            pieces.append(.slot(try slot(String(rest[start.upperBound..<end])), encoding))
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(encoded(rest, encoding))
        return pieces
    }

    private func encoded(
        _ text: Substring, _ encoding: RequestTemplate.Encoding
    ) -> RequestTemplate.Piece {
        var bytes: [UInt8] = []
        bytes.append(text.utf8, as: encoding)
        return .bytes(bytes)
    }

    private func slot(_ name: String) throws(GeneratorError) -> RequestTemplate.Slot {
        if let index = variables.firstIndex(of: name) { return .variable(index) }
        switch name {
        case "iteration": return .iteration
        case "user": return .user
        case "uuid": return .uuid
        default:
            guard name.hasPrefix("env:") else {
                throw GeneratorError(
                    message: "nothing saves ${\(name)}",
                    hint: "save it in an earlier step of the scenario")
            }
            let variable = String(name.dropFirst(4))
            guard let value = EnvironmentVariable.value(of: variable) else {
                throw GeneratorError(
                    message: "the environment has no \(variable), which ${\(name)} asks for",
                    hint: "set it before the run")
            }
            return .secret(value)
        }
    }

    /// A JSON value with its slots, compact.
    func json(_ value: JSONValue) throws(GeneratorError) -> [RequestTemplate.Piece] {
        var pieces: [RequestTemplate.Piece] = []
        try write(value, to: &pieces)
        return joined(pieces)
    }

    private func write(
        _ value: JSONValue, to pieces: inout [RequestTemplate.Piece]
    ) throws(GeneratorError) {
        switch value {
        case .string(let string):
            pieces.append(fixed("\""))
            pieces += try text(string, .json)
            pieces.append(fixed("\""))
        case .array(let elements):
            pieces.append(fixed("["))
            for (index, element) in elements.enumerated() {
                if index > 0 { pieces.append(fixed(",")) }
                try write(element, to: &pieces)
            }
            pieces.append(fixed("]"))
        case .object(let members):
            pieces.append(fixed("{"))
            for (index, member) in members.enumerated() {
                pieces.append(
                    fixed((index > 0 ? "," : "") + "\(JSONValue.string(member.name).text):"))
                try write(member.value, to: &pieces)
            }
            pieces.append(fixed("}"))
        default: pieces.append(fixed(value.text))
        }
    }

    /// The pieces with neighbouring bytes run together.
    func joined(_ pieces: [RequestTemplate.Piece]) -> [RequestTemplate.Piece] {
        var result: [RequestTemplate.Piece] = []
        for piece in pieces {
            if case .bytes(let next) = piece, case .bytes(let last)? = result.last {
                result[result.count - 1] = .bytes(last + next)
            } else {
                result.append(piece)
            }
        }
        return result
    }
}
