public import Contracts
public import JSON
import Quantities
import YAML

/// Reads a profile and names every mistake in it.
public struct ProfileDecoder {
    private let contract: (String) throws(ContractError) -> Contract
    /// Where relative paths of files begin; `nil` if files are not looked at.
    let folder: String?
    /// Whether it reads what a run has kept, which may be of an earlier version.
    private(set) var isFromEvidence = false
    var problems: ProblemList
    var operations: [String: Operation] = [:]
    /// The rows of the statistics that the steps so far have.
    var rowNames: [String] = []
    /// The names that the steps of the present scenario have saved so far.
    var savedNames: [String] = []
    var feeds: [DataFeed] = []
    /// Whether the present scenario is checked.
    var isChecked = false
    /// The steps so far, of all scenarios.
    var stepCount = 0

    static let keys = [
        "name", "description", "target", "contract", "seed", "confidence", "bursts", "load",
        "scenarios", "objectives", "limits", "network", "pacing", "data",
        "faults", "checked",
    ]

    /// A decoder that finds contracts by name or path through `contract`.
    ///
    /// - Parameter folder: where relative paths of data and bodies begin, whose files are then read
    ///   and checked; `nil` if the profile comes from evidence, which stands for itself.
    public init(
        folder: String? = nil, contract: @escaping (String) throws(ContractError) -> Contract
    ) {
        self.folder = folder
        self.contract = contract
        problems = ProblemList(file: "", flags: [])
    }

    /// Reads a profile with its overrides, and the contract that it names.
    ///
    /// - Parameters:
    ///   - text: the YAML.
    ///   - file: what messages call it.
    ///   - name: the profile's name where it gives none.
    ///   - overrides: applied in order before anything is checked.
    /// - Throws: `ProfileError` with all mistakes.
    public mutating func decode(
        _ text: String, file: String, name: String, overrides: [Override] = []
    ) throws(ProfileError) -> (profile: Profile, contract: Contract) {
        problems = ProblemList(file: file, flags: overrides.map(\.flag))
        isFromEvidence = false
        let root: YAMLNode
        do { root = try YAMLNode(parsing: text, file: file) } catch {
            problems.add(error.position, error.message)
            throw ProfileError(problems: problems.problems)
        }
        return try decode(root, name: name, overrides: overrides)
    }

    /// Reads a profile as evidence has it, in JSON, and the contract that it names.
    ///
    /// - Throws: `ProfileError` with all mistakes; their lines mean nothing.
    public mutating func decode(
        _ json: JSONValue, file: String, name: String
    ) throws(ProfileError) -> (profile: Profile, contract: Contract) {
        problems = ProblemList(file: file, flags: [])
        isFromEvidence = true
        return try decode(YAMLNode(json), name: name, overrides: [])
    }

    private mutating func decode(
        _ node: YAMLNode, name: String, overrides: [Override]
    ) throws(ProfileError) -> (profile: Profile, contract: Contract) {
        var root = node
        for (index, override) in overrides.enumerated() {
            apply(override, index: index, to: &root)
        }
        check(root, "the profile", keys: Self.keys)
        let reference = self.text(root["contract"]) ?? "moonbase-v0"
        var found: Contract?
        do { found = try contract(reference) } catch {
            problems.add((root["contract"] ?? root).position, error.description)
        }
        operations = found?.operations ?? [:]
        let profile = profile(
            from: root, name: name, contract: reference, hasContract: found != nil)
        guard problems.problems.isEmpty, let found else {
            throw ProfileError(problems: problems.problems)
        }
        return (profile, found)
    }

    private mutating func profile(
        from root: YAMLNode, name: String, contract: String, hasContract: Bool
    ) -> Profile {
        let load = phases(root["load"], in: root)
        feeds = data(root["data"])
        checkPartitions(feeds, load: load, at: root["data"])
        let target = target(root["target"])
        // Evidence of earlier versions may have no scenarios.
        let hasTarget = !isFromEvidence && target.isElsewhere
        let scenarios =
            hasContract ? scenarios(root["scenarios"], hasTarget: hasTarget) : []
        let objectives = objectives(root["objectives"], load: load, scenarios: scenarios)
        var profile = Profile(
            name: self.text(root["name"]) ?? name, target: target, load: load,
            scenarios: scenarios, objectives: objectives, limits: limits(root["limits"]))
        profile.description = self.text(root["description"]) ?? ""
        profile.contract = contract
        profile.seed =
            number(root["seed"], UInt64.self, "a whole number from 0 to 2^64 - 1") ?? profile.seed
        profile.confidence = confidence(root["confidence"])
        profile.bursts = duration(root["bursts"])
        profile.watch = watch(root["target"])
        profile.data = feeds
        profile.faults = faults(root["faults"], load: load)
        profile.checked = checkedSettings(root["checked"], isChecked: profile.isChecked)
        checkReaders(root["scenarios"], of: profile)
        profile.network = network(root["network"])
        profile.pacing = choice(root["pacing"], "pacing") ?? .precise
        if hasContract { checkScenarios(of: root["load"], scenarios) }
        return profile
    }

    // MARK: Overrides

    /// Changes the tree; positions of changed values are the override's, as line -1 - index.
    private mutating func apply(_ override: Override, index: Int, to root: inout YAMLNode) {
        let position = YAMLNode.Position(line: -1 - index, column: 0)
        let value = YAMLNode(content: .scalar(override.value, isQuoted: false), position: position)
        switch override.place {
        case .key(let key):
            let parts = key.split(separator: ".").map(String.init)
            if parts.count > 1, parts[0] == "target", let short = root["target"],
                short.entries == nil
            {
                // A word stands for the mapping that has it as its URL.
                let entry = YAMLNode.Entry(key: "url", position: short.position, value: short)
                let whole = YAMLNode(content: .mapping([entry]), position: short.position)
                root = root.setting(["target"], to: whole) ?? root
            }
            guard !parts.isEmpty, let changed = root.setting(parts[...], to: value) else {
                problems.add(position, "the profile has no place for \"\(key)\"")
                return
            }
            root = changed
        case .rate, .duration:
            guard let load = root["load"]?.elements else { return }
            var changed: [YAMLNode] = []
            for phase in load { changed.append(change(phase, override.place, to: value)) }
            let list = YAMLNode(content: .sequence(changed), position: root.position)
            root = root.setting(["load"], to: list) ?? root
        }
    }

    private func change(
        _ phase: YAMLNode, _ place: Override.Place, to value: YAMLNode
    ) -> YAMLNode {
        guard let entry = phase.entries?.first else { return phase }
        let isWarmUp =
            entry.value["judged"]?.text == "false"
            || (Self.isWarmUp(entry.key) && entry.value["judged"]?.text != "true")
        switch place {
        case .key: return phase
        case .duration:
            let keys = [entry.key] + LoadNotations.lengthKeys(of: entry.value)
            return isWarmUp ? phase : phase.setting(keys[...], to: value) ?? phase
        case .rate:
            guard let present = entry.value["rate"]?.text.flatMap(Quantity.rate) else {
                return phase
            }
            if isWarmUp, let wanted = value.text.flatMap(Quantity.rate), present <= wanted {
                return phase
            }
            return phase.setting([entry.key, "rate"], to: value) ?? phase
        }
    }

    static func isWarmUp(_ name: String) -> Bool {
        ["warm up", "warm-up", "warmup", "warm_up"].contains(name.lowercased())
    }
}
