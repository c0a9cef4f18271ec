/// A node of a YAML document, with the place where it stands.
public struct YAMLNode: Sendable, Equatable {
    /// What the node holds.
    public enum Content: Sendable, Equatable {
        /// Text, and whether it was quoted (or a block), so that `"1"` is told from `1`.
        case scalar(String, isQuoted: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Keys with their values, in the order written, each key once.
        case mapping([Entry])
    }

    /// A key and its value.
    public struct Entry: Sendable, Equatable {
        /// The key's text.
        public var key: String
        /// Where the key stands.
        public var position: Position
        /// The value.
        public var value: YAMLNode

        /// An entry from its parts.
        public init(key: String, position: Position, value: YAMLNode) {
            self.key = key
            self.position = position
            self.value = value
        }
    }

    /// A line and a column, both from 1.
    public struct Position: Sendable, Equatable {
        /// The line.
        public var line: Int
        /// The column.
        public var column: Int

        /// A position from its parts.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// What it holds.
    public var content: Content
    /// Where it begins.
    public var position: Position

    /// A node from its parts.
    public init(content: Content, position: Position) {
        self.content = content
        self.position = position
    }

    /// The value of a key; `nil` if there is none, or this is no mapping.
    public subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The entries of a mapping, `nil` for anything else.
    public var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The elements of a sequence, `nil` for anything else.
    public var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The text of a scalar, `nil` for anything else.
    public var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
}

/// Why a text is not an acceptable YAML document.
public struct YAMLError: Error, Sendable, CustomStringConvertible {
    /// The file, as given.
    public let file: String
    /// Where.
    public let position: YAMLNode.Position
    /// What is wrong.
    public let message: String

    /// The place and the message.
    public var description: String {
        "\(file):\(position.line):\(position.column): \(message)"
    }
}
