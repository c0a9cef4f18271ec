import Quantities
import YAML

/// Why a settings file or a plan cannot be used: every mistake, each with its place.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// The mistakes, as `file:line:column: what is wrong`.
    public let problems: [String]

    /// One mistake a line.
    public var description: String { problems.joined(separator: "\n") }
}

/// Reads values out of a YAML tree and collects what is wrong with them.
struct SettingsReader {
    let file: String
    private(set) var problems: [String] = []

    init(file: String) { self.file = file }

    mutating func complain(_ position: YAMLNode.Position, _ message: String) {
        problems.append("\(file):\(position.line):\(position.column): \(message)")
    }

    /// - Throws: `SettingsError` where anything was wrong.
    func finish() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems: problems) }
    }

    /// The tree of a text; `nil`, with the reason kept, if it is no YAML.
    mutating func tree(_ text: String) -> YAMLNode? {
        do { return try YAMLNode(parsing: text, file: file) } catch {
            complain(error.position, error.message)
            return nil
        }
    }

    /// Every key of a mapping must be among `keys`.
    mutating func check(_ node: YAMLNode, _ what: String, keys: [String]) {
        guard let entries = node.entries else {
            complain(node.position, "\(what) has the keys \(keys.joined(separator: ", "))")
            return
        }
        for entry in entries where !keys.contains(entry.key) {
            complain(
                entry.position,
                "\"\(entry.key)\" is no key of \(what); allowed: \(keys.joined(separator: ", "))")
        }
    }

    mutating func text(_ node: YAMLNode?) -> String? {
        value(node, "a text") { $0 }
    }

    mutating func integer(_ node: YAMLNode?, in range: ClosedRange<Int>) -> Int? {
        value(node, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func nanoseconds(_ node: YAMLNode?) -> UInt64? {
        value(node, "a duration as in 500us, 20ms, 5s", Self.nanoseconds)
    }

    /// From 0 to a day.
    static func nanoseconds(_ text: String) -> UInt64? {
        Quantity.nanoseconds(text).flatMap { $0 <= 86_400e9 ? UInt64($0.rounded()) : nil }
    }

    mutating func share(_ node: YAMLNode?) -> Double? {
        value(node, "a share as in 0.1% or 0.5") { text in
            Quantity.share(text).flatMap { $0 <= 1 ? $0 : nil }
        }
    }

    mutating func bytes(_ node: YAMLNode?) -> Int? {
        value(node, "a size as in 64B, 512MiB") { text in
            Quantity.bytes(text).flatMap { $0 <= 1 << 40 ? $0 : nil }
        }
    }

    mutating func choice(_ node: YAMLNode?, _ choices: [String]) -> String? {
        value(node, "one of \(choices.joined(separator: ", "))") {
            choices.contains($0) ? $0 : nil
        }
    }

    /// A scalar through `read`, or a problem that says what is wanted.
    mutating func value<Value>(
        _ node: YAMLNode?, _ form: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let node else { return nil }
        guard let text = node.text else {
            complain(node.position, "expected \(form)")
            return nil
        }
        let value = read(text)
        if value == nil { complain(node.position, "\"\(text)\" is not \(form)") }
        return value
    }
}
