import Contracts
import JSON
import YAML

extension ProfileDecoder {
    private static let scenarioExample = "- health: { weight: 6, steps: [ping] }"
    private static let maximumScenarios = 1000
    static let scenarioKeys = ["weight", "steps", "think", "pacing", "cookies", "checked"]

    /// - Parameter hasTarget: whether the target is another than the reference node, whose ping no
    ///   service of somebody else's has asked for.
    mutating func scenarios(_ node: YAMLNode?, hasTarget: Bool) -> [Scenario] {
        guard let node else { return defaultScenarios(hasTarget: hasTarget) }
        guard let elements = node.elements, !elements.isEmpty else {
            problems.add(
                node.position, "scenarios are a list of at least one, as in \(Self.scenarioExample)"
            )
            return []
        }
        guard elements.count <= Self.maximumScenarios else {
            problems.add(
                node.position,
                "\(elements.count) scenarios are too many; at most \(Self.maximumScenarios)")
            return []
        }
        var result: [Scenario] = []
        for element in elements {
            guard let entry = named(element, "scenario", example: Self.scenarioExample) else {
                continue
            }
            if result.contains(where: { $0.name == entry.key }) {
                problems.add(entry.position, "the scenario \"\(entry.key)\" is defined twice")
            }
            result.append(scenario(entry))
        }
        return result
    }

    /// A mix of one: the contract's first operation that needs nothing.
    private mutating func defaultScenarios(hasTarget: Bool) -> [Scenario] {
        let simple = operations.values.filter { $0.method == "GET" && $0.pathParameters.isEmpty }
        let names = simple.map(\.id).sorted()
        if !hasTarget, let name = names.first(where: { $0 == "ping" || operations.count == 1 }) {
            rowNames.append(name)
            return [Scenario(name: name, steps: [Step(operation: name)])]
        }
        problems.add(
            YAMLNode.Position(line: 1, column: 1),
            "the profile needs scenarios that say what is sent, as in \(Self.scenarioExample)")
        return []
    }

    private mutating func scenario(_ entry: YAMLNode.Entry) -> Scenario {
        let node = entry.value
        check(node, "a scenario", keys: Self.scenarioKeys)
        let weight = number(
            node["weight"], Int.self, "a whole number from 1 to 1000000",
            where: { (1...1_000_000).contains($0) })
        savedNames = []
        let key = checkedKey(node["checked"])
        isChecked = node["checked"] != nil
        var scenario = Scenario(
            name: entry.key, weight: weight ?? 1, steps: steps(node["steps"], of: entry))
        scenario.think = delay(node["think"])
        scenario.pacing = delay(node["pacing"])
        scenario.keepsCookies = flag(node["cookies"]) ?? false
        scenario.checkedKey = key
        checkAccesses(of: scenario, entry)
        isChecked = false
        return scenario
    }

    private mutating func steps(_ node: YAMLNode?, of entry: YAMLNode.Entry) -> [Step] {
        guard let node, let elements = node.elements, !elements.isEmpty else {
            problems.add(
                (node ?? entry.value).position,
                "the scenario \"\(entry.key)\" needs steps: a list of at least one operationId")
            return []
        }
        let count = problems.count
        let steps = steps(node, depth: 0)
        // Where a step could not be read, that has been said.
        if problems.count == count, !steps.contains(where: { !$0.requests.isEmpty }) {
            problems.add(node.position, "the scenario \"\(entry.key)\" sends no request")
        }
        return steps
    }
}
