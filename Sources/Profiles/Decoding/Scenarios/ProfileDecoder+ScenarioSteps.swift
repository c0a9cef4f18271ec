import JSON
import Quantities
import YAML

extension ProfileDecoder {
    private static let maximumDepth = 16
    /// Of all scenarios together.
    private static let maximumSteps = 10_000
    private static let conditionForm =
        "{ value: \"${x}\", equals: y } (or is not, matches, above, below) or { chance: 30% }"

    /// The steps of a list, in its order.
    mutating func steps(_ node: YAMLNode?, depth: Int) -> [Step] {
        guard let node else { return [] }
        guard let elements = node.elements, !elements.isEmpty else {
            problems.add(node.position, "expected a list of at least one step")
            return []
        }
        guard depth < Self.maximumDepth else {
            problems.add(node.position, "steps are nested deeper than \(Self.maximumDepth) levels")
            return []
        }
        stepCount += elements.count
        guard stepCount <= Self.maximumSteps else {
            problems.add(
                node.position,
                "the scenarios have more than \(Self.maximumSteps) steps; use repeat, or data")
            return []
        }
        return elements.compactMap { step($0, depth: depth) }
    }

    private mutating func step(_ node: YAMLNode, depth: Int) -> Step? {
        if node["group"] != nil { return group(node, depth: depth) }
        if node["if"] != nil { return choice(node, depth: depth) }
        if node["repeat"] != nil { return repetition(node, depth: depth) }
        if let pause = node["think"] {
            check(node, "a pause", keys: ["think"])
            return delay(pause).map { .think($0) }
        }
        return request(node).map { .request($0) }
    }

    private mutating func group(_ node: YAMLNode, depth: Int) -> Step? {
        check(node, "a group", keys: ["group", "steps"])
        let name = value(node["group"], "a name") { $0.isEmpty ? nil : $0 }
        let steps = inner(node, "steps", of: "a group", depth: depth)
        return name.map { .group($0, steps) }
    }

    private mutating func choice(_ node: YAMLNode, depth: Int) -> Step? {
        check(node, "a choice", keys: ["if", "then", "else"])
        let condition = condition(node["if"])
        let then = inner(node, "then", of: "a choice", depth: depth)
        let otherwise = steps(node["else"], depth: depth + 1)
        return condition.map { .choice($0, then: then, otherwise: otherwise) }
    }

    private mutating func repetition(_ node: YAMLNode, depth: Int) -> Step? {
        check(node, "a repetition", keys: ["repeat", "until", "steps"])
        let count = number(
            node["repeat"], Int.self, "a whole number from 1 to 1000000",
            where: { (1...1_000_000).contains($0) })
        let steps = inner(node, "steps", of: "a repetition", depth: depth)
        let until = node["until"].flatMap { condition($0) }
        return count.map { .repetition($0, until: until, steps) }
    }

    private mutating func inner(
        _ node: YAMLNode, _ key: String, of what: String, depth: Int
    ) -> [Step] {
        if node[key] == nil { problems.add(node.position, "\(what) needs \(key): a list of steps") }
        return steps(node[key], depth: depth + 1)
    }

    // MARK: Conditions

    private mutating func condition(_ node: YAMLNode?) -> Condition? {
        guard let node, let entries = node.entries else {
            problems.add(node?.position ?? .init(line: 1, column: 1), noCondition)
            return nil
        }
        check(
            node, "a condition",
            keys: ["value", "equals", "is not", "matches", "above", "below", "chance"])
        let tests = entries.map(\.key).filter { $0 != "value" }
        guard tests.count == 1, let test = tests.first, (node["value"] == nil) == (test == "chance")
        else {
            problems.add(node.position, noCondition)
            return nil
        }
        if test == "chance" { return chance(node["chance"]).map { .chance($0) } }
        guard let text = slotText(node["value"]), let result = self.test(test, node[test]) else {
            return nil
        }
        return .compare(text, result)
    }

    private var noCondition: String { "expected \(Self.conditionForm)" }

    private mutating func test(_ name: String, _ node: YAMLNode?) -> Condition.Test? {
        switch name {
        case "equals": slotText(node).map { .equals($0) }
        case "is not": slotText(node).map { .isNot($0) }
        case "matches": expression(node).map { .matches($0) }
        case "above": value(node, "a number") { JSONNumeral($0) }.map { .above($0) }
        case "below": value(node, "a number") { JSONNumeral($0) }.map { .below($0) }
        default: nil
        }
    }

    private mutating func chance(_ node: YAMLNode?) -> Double? {
        value(node, "a chance above 0% and below 100%, as in 30%") { text in
            Quantity.share(text).flatMap { $0 > 0 && $0 < 1 ? $0 : nil }
        }
    }
}
