import JSON
import Quantities
import YAML

extension ProfileDecoder {
    /// Every key of a mapping must be among `keys`.
    mutating func check(_ node: YAMLNode, _ what: String, keys: [String]) {
        guard let entries = node.entries else {
            problems.add(
                node.position,
                "\(what) must be a mapping with the keys \(keys.joined(separator: ", "))")
            return
        }
        for entry in entries where !keys.contains(entry.key) {
            problems.add(entry.position, unknown: entry.key, "key of \(what)", allowed: keys)
        }
    }

    mutating func text(_ node: YAMLNode?) -> String? {
        guard let node else { return nil }
        if node.text == nil { problems.add(node.position, "expected a text") }
        return node.text
    }

    mutating func duration(_ node: YAMLNode?) -> Duration? {
        value(node, Quantity.durationForm, Quantity.duration)
    }

    /// A timeout; a latency above an hour has no place in the histograms of the evidence.
    private mutating func timeout(_ node: YAMLNode?) -> Duration? {
        value(node, "\(Quantity.durationForm), at most 1h") { text in
            Quantity.duration(text).flatMap { $0 <= .seconds(3600) ? $0 : nil }
        }
    }

    mutating func number<Number: LosslessStringConvertible>(
        _ node: YAMLNode?, _ type: Number.Type, _ form: String,
        where isAllowed: (Number) -> Bool = { _ in true }
    ) -> Number? {
        value(node, form) { text in Number(text).flatMap { isAllowed($0) ? $0 : nil } }
    }

    /// A scalar through `read`, or a problem that says what is allowed.
    mutating func value<Value>(
        _ node: YAMLNode?, _ form: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let node else { return nil }
        guard let text = node.text else {
            problems.add(node.position, "expected \(form)")
            return nil
        }
        let value = read(text)
        if value == nil { problems.add(node.position, "\"\(text)\" is not \(form)") }
        return value
    }

    mutating func confidence(_ node: YAMLNode?) -> Double {
        number(node, Double.self, "a number above 0.5 and below 1", where: { $0 > 0.5 && $0 < 1 })
            ?? 0.95
    }

    mutating func limits(_ node: YAMLNode?) -> Limits {
        guard let node else { return Limits() }
        check(
            node, "limits",
            keys: ["in flight", "connections", "timeout", "lag p(99)", "graceful stop", "memory"])
        let defaults = Limits()
        let form = "a whole number from 1 to 1000000"
        return Limits(
            inFlight: number(
                node["in flight"], Int.self, form, where: { (1...1_000_000).contains($0) })
                ?? defaults.inFlight,
            connections: number(
                node["connections"], Int.self, form, where: { (1...1_000_000).contains($0) }),
            timeout: timeout(node["timeout"]) ?? defaults.timeout,
            lagP99: duration(node["lag p(99)"]), gracefulStop: timeout(node["graceful stop"]),
            memoryBytes: memory(node["memory"]) ?? defaults.memoryBytes)
    }

    private mutating func memory(_ node: YAMLNode?) -> Int? {
        value(node, "\(Quantity.sizeForm), from 1MiB to 1TiB") { text in
            Quantity.bytes(text).flatMap { (1 << 20...1 << 40).contains($0) ? $0 : nil }
        }
    }
}
