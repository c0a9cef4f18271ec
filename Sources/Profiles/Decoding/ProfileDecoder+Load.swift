import Measurements
import Quantities
import YAML

extension ProfileDecoder {
    private static let maximumPhases = 2000
    private static let phaseKeys =
        [
            "for", "judged", "after", "with", "delay", "scenarios", "graceful stop", "rounds",
        ] + LoadNotations.keys

    mutating func phases(_ node: YAMLNode?, in root: YAMLNode) -> [Phase] {
        guard let node, let elements = node.elements, !elements.isEmpty else {
            problems.add(
                (node ?? root).position,
                "load is a list of at least one phase, as in - steady: { rate: 100/s, for: 30s }")
            return []
        }
        guard elements.count <= Self.maximumPhases else {
            problems.add(
                node.position,
                "\(elements.count) phases are too many; at most \(Self.maximumPhases)")
            return []
        }
        var result: [Phase] = []
        var names: [String] = []
        /// The first and the last phase of each entry.
        var ends: [String: (first: String, last: String)] = [:]
        for element in elements {
            guard
                let entry = named(element, "phase", example: "- steady: { rate: 100/s, for: 30s }")
            else { continue }
            if names.contains(entry.key) {
                problems.add(entry.position, "the phase \"\(entry.key)\" is defined twice")
            }
            checkName(of: entry)
            let phases = self.phases(entry, earlier: names, ends: ends)
            if let first = phases.first, let last = phases.last {
                ends[entry.key] = (first.name, last.name)
            }
            names += [entry.key] + phases.map(\.name).filter { $0 != entry.key }
            result += phases
        }
        checkLength(of: result, at: node)
        return result
    }

    /// Evidence of earlier versions may have such names.
    private mutating func checkName(of phase: YAMLNode.Entry) {
        guard !isFromEvidence, phase.key.contains(PhaseNames.separator) else { return }
        problems.add(
            phase.position,
            "a phase cannot be named \"\(phase.key)\": \"\(PhaseNames.separator)\" joins the names "
                + "of phases that go on together; allowed: a name without it")
    }

    /// The whole load has a bound, as each phase has: times are whole nanoseconds of 64 bits.
    private mutating func checkLength(of load: [Phase], at node: YAMLNode) {
        let longest = Duration.seconds(365 * 24 * 3600)
        let length = load.reduce(Duration.zero) { $0 + $1.delay + $1.duration }
        if load.count > Self.maximumPhases {
            problems.add(
                node.position,
                "\(load.count) phases with those of steps are too many; at most "
                    + "\(Self.maximumPhases)")
        }
        if length > longest {
            problems.add(
                node.position, "the phases and their delays are more than a year together")
        }
    }

    /// The phases of one entry: one for each stretch of its load.
    private mutating func phases(
        _ entry: YAMLNode.Entry, earlier: [String], ends: [String: (first: String, last: String)]
    ) -> [Phase] {
        check(entry.value, "a phase", keys: Self.phaseKeys)
        guard entry.value.entries != nil else { return [] }
        if entry.value["for"] == nil, LoadNotations.lengthKeys(of: entry.value) == ["for"] {
            problems.add(
                entry.position, "the phase \"\(entry.key)\" needs for: \(Quantity.durationForm)")
        }
        let duration = duration(entry.value["for"])
        let stretches = stretches(entry, length: duration)
        let judged = flag(entry.value["judged"])
        var start = start(entry, earlier: earlier)
        let delay = durationOrZero(entry.value["delay"])
        let scenarios = names(entry.value["scenarios"])
        let gracefulStop = self.duration(entry.value["graceful stop"])
        let rounds = rounds(of: entry, within: duration)
        switch start {
        case .after(let name): start = .after(ends[name]?.last ?? name)
        case .with(let name): start = .with(ends[name]?.first ?? name)
        case .afterPrevious: break
        }
        return stretches.enumerated().map { index, stretch in
            var phase = Phase(
                name: stretch.name, model: stretch.model, duration: stretch.duration,
                isJudged: judged ?? !Self.isWarmUp(entry.key))
            if index == 0 {
                phase.start = start
                phase.delay = delay ?? .zero
            }
            phase.scenarios = scenarios
            phase.gracefulStop = gracefulStop
            phase.rounds = rounds
            return phase
        }
    }

    private mutating func start(_ entry: YAMLNode.Entry, earlier: [String]) -> Phase.Start {
        let (after, with) = (entry.value["after"], entry.value["with"])
        if let after, with != nil {
            problems.add(after.position, "a phase begins either after another one or with it")
        }
        func name(_ node: YAMLNode?) -> String? {
            guard let node, let name = text(node) else { return nil }
            if !earlier.contains(name) {
                problems.add(
                    node.position, unknown: name, "phase above this one", allowed: earlier)
            }
            return name
        }
        if let name = name(after) { return .after(name) }
        if let name = name(with) { return .with(name) }
        return .afterPrevious
    }

    /// A list of names, or one.
    private mutating func names(_ node: YAMLNode?) -> [String] {
        guard let node else { return [] }
        guard let elements = node.elements else { return text(node).map { [$0] } ?? [] }
        return elements.compactMap { text($0) }
    }

    /// A duration that may be 0.
    mutating func durationOrZero(_ node: YAMLNode?) -> Duration? {
        value(node, "0s or \(Quantity.durationForm)") { text in
            ["0", "0s", "0ms"].contains(text) ? .zero : Quantity.duration(text)
        }
    }

    /// Scenarios that a phase names must be there.
    mutating func checkScenarios(of node: YAMLNode?, _ scenarios: [Scenario]) {
        for element in node?.elements ?? [] {
            guard let list = element.entries?.first?.value["scenarios"] else { continue }
            for name in list.elements ?? [list] {
                guard let text = name.text, !scenarios.contains(where: { $0.name == text }) else {
                    continue
                }
                problems.add(
                    name.position, unknown: text, "scenario of the profile",
                    allowed: scenarios.map(\.name))
            }
        }
    }

    /// The one entry of a list's element: a name with what it is.
    mutating func named(_ node: YAMLNode, _ what: String, example: String) -> YAMLNode.Entry? {
        guard let entries = node.entries, entries.count == 1, !entries[0].key.isEmpty else {
            problems.add(node.position, "a \(what) is one name with its keys, as in \(example)")
            return nil
        }
        return entries[0]
    }
}
