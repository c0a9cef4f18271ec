import FoundationEssentials
import JSON
import YAML

extension ProfileDecoder {
    private static let bodyKeys = ["body", "text", "form", "multipart", "body file"]

    /// The body that a step's keys describe; `nil` if none of them does.
    mutating func body(_ node: YAMLNode) -> RequestStep.Body? {
        let given = Self.bodyKeys.filter { node[$0] != nil }
        guard given.count < 2 else {
            problems.add(
                node.position,
                "a request has one body; this has \(given.joined(separator: " and "))")
            return nil
        }
        if let node = node["body"] {
            checkSlots(node, isJSON: true)
            return .json(node.json)
        }
        if let node = node["text"] { return slotText(node).map { .text($0) } }
        if let node = node["form"] { return .form(fields(node)) }
        if let node = node["multipart"] { return .multipart(parts(node)) }
        if let node = node["body file"] { return file(node).map { .file($0) } }
        return nil
    }

    private mutating func parts(_ node: YAMLNode) -> [RequestStep.Part] {
        guard let entries = node.entries, !entries.isEmpty else {
            problems.add(
                node.position,
                "expected names with values or files, as in { a: 1, b: { file: a.png } }")
            return []
        }
        return entries.compactMap { entry in
            if !Self.isQuotable(entry.key) {
                problems.add(entry.position, "a part's name has no quotes and no line ends")
            }
            guard entry.value.entries != nil else {
                return slotText(entry.value).map { .init(name: entry.key, content: .value($0)) }
            }
            return part(entry.key, entry.value)
        }
    }

    private mutating func part(_ name: String, _ node: YAMLNode) -> RequestStep.Part? {
        check(node, "a part", keys: ["file", "value", "name", "type"])
        let type = value(node["type"], "a media type as in image/png") {
            $0.contains("/") && Self.isFieldValue($0) ? $0 : nil
        }
        switch (node["file"], node["value"]) {
        case (let path?, nil):
            let shown = value(node["name"], "a file name without quotes") {
                Self.isQuotable($0) ? $0 : nil
            }
            guard let file = file(path) else { return nil }
            let last = file.split(separator: "/").last.map(String.init) ?? file
            return .init(name: name, content: .file(file, name: shown ?? last), type: type)
        case (nil, let value?):
            return slotText(value).map { .init(name: name, content: .value($0), type: type) }
        default:
            problems.add(node.position, "a part has either file or value")
            return nil
        }
    }

    private static func isQuotable(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("\"") && isFieldValue(text)
    }

    /// A file's path from the working directory, which is there and can be read.
    mutating func file(_ node: YAMLNode) -> String? {
        guard let text = value(node, "the path of a file", { $0.isEmpty ? nil : $0 }) else {
            return nil
        }
        guard let folder else { return text }
        let path = text.hasPrefix("/") ? text : "\(folder)/\(text)"
        if !FileManager.default.isReadableFile(atPath: path) {
            problems.add(node.position, "the file \(path) cannot be read")
        }
        return path
    }
}
