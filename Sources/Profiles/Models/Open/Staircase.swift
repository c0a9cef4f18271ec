import Quantities
import Statistics
import YAML

/// `steps: { from: 100/s, to: 1000/s, by: 100/s, each: 10s }`: a constant rate for each step.
///
/// Each step is a phase of its own, as `climb 300/s`, so that the evidence and the report tell
/// them apart.
enum Staircase: LoadNotation {
    static let keys = ["steps"]
    static let lengthKeys = ["steps", "each"]
    private static let maximumSteps = 1000

    static func stretches(of text: PhaseText, by decoder: inout ProfileDecoder) -> [Stretch] {
        guard let node = text["steps"] else { return [] }
        decoder.check(node, "steps", keys: ["from", "to", "by", "each"])
        for key in ["from", "to", "by", "each"] where node[key] == nil {
            decoder.problems.add(node.position, "steps need \(key)")
        }
        if let length = text["for"] {
            decoder.problems.add(
                length.position, "`each` says how long a step lasts; remove for")
        }
        let from = decoder.positiveRate(node["from"])
        let to = decoder.positiveRate(node["to"])
        let by = decoder.positiveRate(node["by"])
        guard let from, let to, let by, let each = decoder.duration(node["each"]) else { return [] }
        let span = (to.perSecond - from.perSecond).magnitude
        let count = Int(clamping: min(1e15, span / by.perSecond + 1e-9)) + 1
        guard count <= maximumSteps else {
            decoder.problems.add(
                node.position,
                "\(count) steps are too many; at most \(maximumSteps) are taken")
            return []
        }
        let sign = to < from ? -1.0 : 1.0
        return (0..<count).map { index in
            let step = Rate(perSecond: from.perSecond + sign * Double(index) * by.perSecond)
            return Stretch(
                name: "\(text.entry.key) \(Quantity.text(step))",
                model: ConstantArrivalRate(step, text.arrivals), duration: each)
        }
    }
}
