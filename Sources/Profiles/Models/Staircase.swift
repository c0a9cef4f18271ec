import Quantities
import Statistics
import YAML

extension ProfileDecoder {
    /// The phases of `steps: { from: 100/s, to: 1000/s, by: 100/s, each: 10s }`, one for each step.
    ///
    /// Each step is a phase of its own, as `climb 300/s`, so that the evidence and the report tell
    /// them apart.
    mutating func staircase(
        _ node: YAMLNode, of template: Phase, in entry: YAMLNode.Entry
    ) -> [Phase] {
        check(node, "steps", keys: ["from", "to", "by", "each"])
        for key in ["from", "to", "by", "each"] where node[key] == nil {
            problems.add(node.position, "steps need \(key)")
        }
        if let length = entry.value["for"] {
            problems.add(length.position, "steps last as long as each of them; leave for out")
        }
        func rate(_ key: String) -> Rate? {
            value(node[key], "\(Quantity.rateForm), above 0") { text in
                Quantity.rate(text).flatMap { $0.perSecond > 0 ? $0 : nil }
            }
        }
        let (from, to, by) = (rate("from"), rate("to"), rate("by"))
        let arrivals: Arrivals = choice(entry.value["arrivals"], "kind of arrivals") ?? .constant
        guard let from, let to, let by, let each = duration(node["each"]) else { return [] }
        let span = (to.perSecond - from.perSecond).magnitude
        let count = Int(clamping: min(1e15, span / by.perSecond + 1e-9)) + 1
        guard count <= 1000 else {
            problems.add(node.position, "\(count) steps are too many; at most 1000 are taken")
            return []
        }
        let sign = to < from ? -1.0 : 1.0
        return (0..<count).map { index in
            var phase = template
            let step = Rate(perSecond: from.perSecond + sign * Double(index) * by.perSecond)
            phase.name = "\(template.name) \(Quantity.text(step))"
            phase.model = .constantArrivalRate(step, arrivals)
            phase.duration = each
            if index > 0 {
                phase.start = .afterPrevious
                phase.delay = .zero
            }
            return phase
        }
    }
}
