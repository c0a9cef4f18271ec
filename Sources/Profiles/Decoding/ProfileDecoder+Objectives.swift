import Quantities
import Suggestions
import YAML

extension ProfileDecoder {
    private static let maximumObjectives = 1000

    mutating func objectives(
        _ node: YAMLNode?, load: [Phase], scenarios: [Scenario]
    ) -> [Objective] {
        guard let node else { return [] }
        guard let elements = node.elements else {
            problems.add(node.position, "objectives are a list, each \(Objective.form)")
            return []
        }
        guard elements.count <= Self.maximumObjectives else {
            problems.add(
                node.position,
                "\(elements.count) objectives are too many; at most \(Self.maximumObjectives)")
            return []
        }
        let groups = scenarios.flatMap(\.groups)
        let context = ObjectiveContext(
            phases: load, groups: groups, isChecked: scenarios.contains { $0.checkedKey != nil },
            names: operations.keys.sorted()
                + (rowNames + groups).filter { operations[$0] == nil })
        var result: [Objective] = []
        for element in elements {
            guard let text = element.text else {
                problems.add(element.position, "an objective is a text: \(Objective.form)")
                continue
            }
            do {
                let objective = try Objective(reading: text)
                if let reason = context.problem(of: objective)
                    ?? (isFromEvidence ? nil : context.problem(ofUsers: objective))
                {
                    problems.add(element.position, reason)
                } else if result.contains(objective) {
                    problems.add(element.position, "the objective \(objective) is given twice")
                }
                result.append(objective)
            } catch {
                problems.add(element.position, error.description)
            }
        }
        return result
    }
}

extension Profile {
    /// What keeps an objective from being judged by this profile's runs; `nil` if nothing does.
    public func problem(of objective: Objective) -> String? {
        let names = scenarios.flatMap(\.requests).map(\.rowName) + scenarios.flatMap(\.groups)
        return ObjectiveContext(
            phases: load, groups: scenarios.flatMap(\.groups), isChecked: isChecked,
            names: names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        ).problem(of: objective)
    }
}

/// What the names in an objective can mean.
struct ObjectiveContext {
    /// The phases; empty where they could not be read.
    let phases: [Phase]
    /// The groups of the scenarios.
    let groups: [String]
    /// Whether any of them is checked.
    let isChecked: Bool
    /// Operations, named requests and groups.
    let names: [String]

    /// What an objective asks for that is not there; `nil` if all of it is.
    func problem(of objective: Objective) -> String? {
        if let name = objective.operation {
            if !names.contains(name) { return unknown(name) }
            if objective.aborts, groups.contains(name) {
                return "\"\(objective)\": abort looks at requests, and \(name) is a group of them; "
                    + "remove `abort`, or name one of its requests"
            }
        }
        if objective.claim.isOfCheck, !isChecked {
            return "\"\(objective)\": no scenario is checked; give one its key, as in "
                + "checked: \"key-${int(1,100)}\", and say what its steps do"
        }
        return problem(ofPhase: objective) ?? problem(ofWindow: objective)
    }

    /// Why latency cannot be judged: users send less while the target is slow, so that its slow
    /// answers are few; `nil` if it can be.
    func problem(ofUsers objective: Objective) -> String? {
        guard objective.thresholdNanoseconds != nil,
            let phase = phases.first(where: { objective.isAbout($0) && !$0.model.isOpen })
        else { return nil }
        return "\"\(objective)\": the users of the phase \(phase.name) wait for their answers, and "
            + "ask less while the target is slow, so that their latency is not judged; give the "
            + "phase a rate, or look at phases that have one, with `in PHASE`"
    }

    private func unknown(_ name: String) -> String {
        // A name of several words may be a shorter one with a misspelt clause behind it.
        if let known = names.filter({ name.hasPrefix("\($0) ") }).max(by: { $0.count < $1.count }) {
            let rest = name.dropFirst(known.count + 1).split(separator: " ").map(String.init)
            return ObjectiveParser(text: "").unknown(rest.first ?? "", after: "on \(known)")
        }
        let near = Suggestion.closest(to: name, among: names).map { "did you mean \($0)? " } ?? ""
        return "\"\(name)\" is not an operation of the contract; \(near)allowed: "
            + names.joined(separator: ", ")
    }

    private func problem(ofPhase objective: Objective) -> String? {
        guard let name = objective.phase, !phases.isEmpty else { return nil }
        guard let phase = phases.first(where: { $0.name == name }) else {
            let all = phases.filter(\.isJudged).map(\.name)
            let near = Suggestion.closest(to: name, among: all).map { "did you mean \($0)? " } ?? ""
            return "\"\(name)\" is not a phase of the load; \(near)allowed: "
                + all.joined(separator: ", ")
        }
        return phase.isJudged
            ? nil
            : "\"\(objective)\": the phase \(name) is never judged; remove `in ...`, or give "
                + "the phase judged: true"
    }

    private func problem(ofWindow objective: Objective) -> String? {
        guard let window = objective.window else { return nil }
        let looked = phases.filter(objective.isAbout)
        let longest = looked.map(\.duration).max() ?? .zero
        guard !looked.isEmpty, longest < window else { return nil }
        return "\"\(objective)\": no judged phase lasts as long as the window; the longest lasts "
            + Quantity.text(longest)
    }
}
