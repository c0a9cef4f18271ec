import Quantities
import YAML

extension ProfileDecoder {
    /// A trough needs time to drain and to be read.
    private static let minimumIdle = Duration.milliseconds(200)
    /// The test of troughs looks at every pair of them.
    private static let maximumRounds = 10_000

    /// The `rounds` of a phase: `{ load: 1500ms, idle: 500ms }` beside its rate.
    mutating func rounds(of entry: YAMLNode.Entry, within duration: Duration?) -> Rounds? {
        guard let node = entry.value["rounds"] else { return nil }
        check(node, "rounds", keys: ["load", "idle"])
        for key in ["load", "idle"] where node[key] == nil {
            problems.add(
                node.position,
                "rounds need \(key), as in rounds: { load: 1500ms, idle: 500ms }")
        }
        if entry.value["rate"] == nil {
            problems.add(node.position, "rounds need rate; no other model has them")
        }
        guard let load = self.duration(node["load"]), let idle = self.duration(node["idle"]) else {
            return nil
        }
        guard idle >= Self.minimumIdle else {
            problems.add(
                (node["idle"] ?? node).position,
                "idle is \(Quantity.text(idle)); a target needs 200ms at least to drain")
            return nil
        }
        let rounds = Rounds(load: load, idle: idle)
        guard let duration else { return rounds }
        let count = rounds.count(in: duration)
        guard (1...Self.maximumRounds).contains(count) else {
            problems.add(
                node.position,
                "a phase of \(Quantity.text(duration)) has \(count) rounds of "
                    + "\(Quantity.text(load + idle)); it may have 1 to \(Self.maximumRounds)")
            return nil
        }
        return rounds
    }
}
