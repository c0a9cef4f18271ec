import Contracts
import JSON
import YAML

extension ProfileDecoder {
    static let expectKeys = [
        "status", "body", "contains", "matches", "content type", "header", "time",
    ]

    /// What a step asks of an answer.
    mutating func expectation(_ node: YAMLNode?) -> Expectation {
        var result = Expectation()
        guard let node else { return result }
        guard let entries = node.entries else {
            check(node, "expect", keys: Self.expectKeys + ["$.path"])
            return result
        }
        for entry in entries where !Self.expectKeys.contains(entry.key) {
            if let value = pathValue(entry) { result.values.append(value) }
        }
        result.statuses = statuses(node["status"])
        result.body = slotText(node["body"])
        result.contains = slotText(node["contains"])
        result.matches = node["matches"].flatMap { expression($0) }
        result.contentType = value(node["content type"], "a media type as in text/plain") {
            $0.contains("/") ? $0.lowercased() : nil
        }
        result.headers = headers(node["header"])
        result.time = duration(node["time"])
        return result
    }

    private mutating func pathValue(_ entry: YAMLNode.Entry) -> Expectation.PathValue? {
        guard entry.key.hasPrefix("$") else {
            problems.add(
                entry.position, unknown: entry.key, "key of expect",
                allowed: Self.expectKeys + ["$.path"])
            return nil
        }
        checkSlots(entry.value)
        do {
            return .init(path: try JSONPath(parsing: entry.key), value: entry.value.json)
        } catch {
            problems.add(entry.position, "\"\(entry.key)\" is not a JSON path: \(error.message)")
            return nil
        }
    }

    private mutating func statuses(_ node: YAMLNode?) -> [ClosedRange<Int>] {
        guard let node else { return [] }
        return (node.elements ?? [node]).compactMap { element in
            value(element, "a status from 100 to 599, or a class as in 2xx") { text in
                if let status = Int(text) {
                    return (100...599).contains(status) ? status...status : nil
                }
                guard text.count == 3, text.lowercased().hasSuffix("xx"),
                    let hundreds = Int(text.prefix(1)), (1...5).contains(hundreds)
                else { return nil }
                return hundreds * 100...hundreds * 100 + 99
            }
        }
    }

    /// A regular expression, as it stands.
    mutating func expression(_ node: YAMLNode?) -> String? {
        guard let node, let text = text(node) else { return nil }
        do {
            _ = try RegularExpression(text)
            return text
        } catch {
            problems.add(node.position, "\"\(text)\" is not a regular expression: \(error.message)")
            return nil
        }
    }
}
