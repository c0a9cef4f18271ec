import CYAML
import JSON

extension YAMLNode {
    /// The largest document that is read, in bytes.
    public static let maximumBytes = 16 << 20

    /// Reads one YAML document.
    ///
    /// - Parameter hasAliases: whether aliases are taken, and `<<` merges mappings. Else they are
    ///   refused: a profile has no need of them. With them a document may have a million nodes.
    /// - Throws: `YAMLError` with the place.
    public init(parsing text: String, file: String, hasAliases: Bool = false) throws(YAMLError) {
        var reader = DocumentReader(file: file, hasAliases: hasAliases)
        self = try reader.read(Array(text.utf8))
    }
}

/// Builds the tree from libyaml's events.
private struct DocumentReader {
    let file: String
    private var stack: [Frame] = []
    private var root: YAMLNode?

    private let hasAliases: Bool
    private var anchors: [String: Anchor] = [:]
    private var count = 0

    init(file: String, hasAliases: Bool) {
        self.file = file
        self.hasAliases = hasAliases
    }

    /// What an alias stands for.
    private struct Anchor {
        let node: YAMLNode
        /// How many nodes it is, and how many levels of them.
        let count: Int
        let depth: Int
    }

    /// A list or a mapping whose end has not come yet.
    private struct Frame {
        let position: YAMLNode.Position
        let isMapping: Bool
        var elements: [YAMLNode] = []
        var entries: [YAMLNode.Entry] = []
        var key: (text: String, position: YAMLNode.Position)?
        var keys: Set<ExactText> = []
        var anchor: String?
        /// How many nodes there were before it.
        var countBefore = 0
        /// How many levels are below it.
        var depth = 0
    }

    private static let maximumDepth = 100
    private static let maximumCount = 1_000_000

    mutating func read(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode {
        let start = YAMLNode.Position(line: 1, column: 1)
        guard bytes.count <= YAMLNode.maximumBytes else {
            throw error("the file is larger than \(YAMLNode.maximumBytes >> 20) MiB", start)
        }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw error("no memory", start) }
        defer { yaml_parser_delete(&parser) }
        // The input must stay where it is until the last event.
        let input = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
        defer { input.deallocate() }
        input.initialize(from: bytes, count: bytes.count)
        yaml_parser_set_input_string(&parser, input, bytes.count)
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else {
                throw error(
                    parser.problem.map { String(cString: $0) } ?? "unreadable", place(of: parser))
            }
            let isEnd = event.type == YAML_STREAM_END_EVENT
            defer { yaml_event_delete(&event) }
            if isEnd { break }
            try take(event)
        }
        guard let root else { throw error("the file is empty", start) }
        return root
    }

    private mutating func take(_ event: yaml_event_t) throws(YAMLError) {
        let position = self.position(event.start_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            guard root == nil else { throw error("a second document in the file", position) }
        case YAML_ALIAS_EVENT:
            guard hasAliases else {
                throw error("aliases are not taken; write the value out", position)
            }
            try add(alias: name(event.data.alias.anchor) ?? "", at: position)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self)
            let isQuoted = scalar.style != YAML_PLAIN_SCALAR_STYLE
            let node = YAMLNode(content: .scalar(text, isQuoted: isQuoted), position: position)
            count += 1
            if let anchor = name(scalar.anchor) {
                anchors[anchor] = Anchor(node: node, count: 1, depth: 0)
            }
            try add(node)
        case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
            guard stack.count < Self.maximumDepth else {
                throw error("nested deeper than \(Self.maximumDepth) levels", position)
            }
            let isMapping = event.type == YAML_MAPPING_START_EVENT
            var frame = Frame(position: position, isMapping: isMapping)
            frame.anchor = name(
                isMapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor)
            frame.countBefore = count
            count += 1
            stack.append(frame)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let frame = stack.popLast() else { return }
            let entries = hasAliases ? Self.merged(frame.entries) : frame.entries
            let content: YAMLNode.Content =
                frame.isMapping ? .mapping(entries) : .sequence(frame.elements)
            let node = YAMLNode(content: content, position: frame.position)
            if let anchor = frame.anchor {
                anchors[anchor] = Anchor(
                    node: node, count: count - frame.countBefore, depth: frame.depth)
            }
            try add(node, depth: frame.depth)
        default: break
        }
    }

    private mutating func add(alias name: String, at position: YAMLNode.Position) throws(YAMLError)
    {
        guard let anchor = anchors[name] else {
            throw error("the alias *\(name) stands for nothing before it", position)
        }
        count += anchor.count
        guard count <= Self.maximumCount else {
            throw error(
                "more than \(Self.maximumCount) nodes with every alias written out", position)
        }
        guard stack.count + anchor.depth < Self.maximumDepth else {
            throw error("nested deeper than \(Self.maximumDepth) levels", position)
        }
        try add(anchor.node, depth: anchor.depth)
    }

    private func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard hasAliases, let anchor else { return nil }
        return String(cString: anchor)
    }

    /// The entries, with those of the mappings that a plain `<<` names behind them.
    private static func merged(_ entries: [YAMLNode.Entry]) -> [YAMLNode.Entry] {
        guard entries.contains(where: { $0.key == "<<" }) else { return entries }
        var result = entries.filter { $0.key != "<<" }
        var keys = Set(result.map { ExactText($0.key) })
        for merge in entries where merge.key == "<<" {
            for source in merge.value.elements ?? [merge.value] {
                for entry in source.entries ?? []
                where keys.insert(ExactText(entry.key)).inserted { result.append(entry) }
            }
        }
        return result
    }

    private mutating func add(_ node: YAMLNode, depth: Int = 0) throws(YAMLError) {
        guard let top = stack.indices.last else {
            root = node
            return
        }
        stack[top].depth = max(stack[top].depth, depth + 1)
        guard stack[top].isMapping else { return stack[top].elements.append(node) }
        if let key = stack[top].key {
            stack[top].entries.append(
                YAMLNode.Entry(key: key.text, position: key.position, value: node))
            stack[top].key = nil
            return
        }
        guard let text = node.text else { throw error("a key must be a text", node.position) }
        guard !text.utf8.contains(0) else {
            throw error("a key with a NUL, which JSON libraries do not read", node.position)
        }
        guard stack[top].keys.insert(ExactText(text)).inserted else {
            throw error("the key \"\(text)\" is given twice", node.position)
        }
        stack[top].key = (text, node.position)
    }

    private func place(of parser: yaml_parser_t) -> YAMLNode.Position {
        position(parser.problem_mark)
    }

    private func position(_ mark: yaml_mark_t) -> YAMLNode.Position {
        YAMLNode.Position(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private func error(_ message: String, _ position: YAMLNode.Position) -> YAMLError {
        YAMLError(file: file, position: position, message: message)
    }
}
