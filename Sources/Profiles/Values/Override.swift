import YAML

/// A change to a profile from the command line.
public struct Override: Sendable, Equatable {
    /// How it was written, for messages: `--rate`, `--set limits.timeout`.
    public var flag: String
    /// Where it goes.
    public var place: Place
    /// The value as written.
    public var value: String

    /// What an override changes.
    public enum Place: Sendable, Equatable {
        /// The key at a path, as `limits.timeout`, `confidence` or `load.steady.rate`.
        case key(String)
        /// The rate of every judged open phase; a warm-up keeps its own where that is lower.
        case rate
        /// The duration of every judged phase.
        case duration
    }

    /// An override from its parts.
    public init(flag: String, place: Place, value: String) {
        self.flag = flag
        self.place = place
        self.value = value
    }
}

extension YAMLNode {
    /// The node with the value of a dotted key set; intermediate mappings are made.
    ///
    /// In a list of
    /// single-key mappings, as `load`, a part of the key is the name of an element.
    func setting(_ parts: ArraySlice<String>, to value: YAMLNode) -> YAMLNode? {
        guard let name = parts.first else { return value }
        var result = self
        switch content {
        case .mapping(var entries):
            if let index = entries.firstIndex(where: { $0.key == name }) {
                guard let next = entries[index].value.setting(parts.dropFirst(), to: value) else {
                    return nil
                }
                entries[index].value = next
            } else {
                let empty = YAMLNode(content: .mapping([]), position: value.position)
                guard let next = empty.setting(parts.dropFirst(), to: value) else { return nil }
                entries.append(Entry(key: name, position: value.position, value: next))
            }
            result.content = .mapping(entries)
        case .sequence(var elements):
            guard let index = elements.firstIndex(where: { $0[name] != nil }),
                let next = elements[index].setting(parts, to: value)
            else { return nil }
            elements[index] = next
            result.content = .sequence(elements)
        case .scalar: return nil
        }
        return result
    }
}
