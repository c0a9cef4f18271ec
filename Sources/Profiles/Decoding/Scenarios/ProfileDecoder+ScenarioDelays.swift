import YAML

extension ProfileDecoder {
    private static let delayForm =
        "a delay: 500ms, { uniform: [100ms, 900ms] }, { exponential: 500ms } or "
        + "{ normal: 500ms, deviation: 100ms }"

    /// A think time or a pacing.
    mutating func delay(_ node: YAMLNode?) -> Delay? {
        guard let node else { return nil }
        if node.text != nil { return duration(node).map { .constant($0) } }
        let keys = Set((node.entries ?? []).map(\.key))
        switch keys {
        case ["uniform"]:
            guard let bounds = node["uniform"]?.elements, bounds.count == 2 else { break }
            guard let from = duration(bounds[0]), let to = duration(bounds[1]) else { return nil }
            guard from <= to else {
                problems.add(bounds[1].position, "the lower bound of a uniform delay comes first")
                return nil
            }
            return .uniform(from: from, to: to)
        case ["exponential"]: return duration(node["exponential"]).map { .exponential(mean: $0) }
        case ["normal", "deviation"]:
            guard let mean = duration(node["normal"]), let deviation = duration(node["deviation"])
            else { return nil }
            return .normal(mean: mean, deviation: deviation)
        default: break
        }
        problems.add(node.position, "expected \(Self.delayForm)")
        return nil
    }
}
