import JSON
import Profiles

/// Puts a template together, stretch by stretch.
struct TemplateWriter {
    /// What slots can refer to.
    struct Names {
        /// The scenario's variables, by index.
        var variables: [String]
        /// The profile's feeds, by index, with their columns.
        var feeds: [(name: String, columns: [String])]
    }

    private let names: Names
    private var bytes: [UInt8] = []
    private var pieces: [Template.Piece] = []
    private var secrets: [String] = []
    private var start = 0

    init(_ names: Names) { self.names = names }

    /// The template so far.
    func finish() -> Template {
        let last = Template.Piece(start: start, end: bytes.count, slot: .none, encoding: .verbatim)
        return Template(bytes: bytes, pieces: pieces + [last], secrets: secrets)
    }

    /// The template of one text.
    static func text(
        _ text: String, _ encoding: ByteEncoding, _ names: Names
    ) throws(GeneratorError) -> Template {
        var writer = TemplateWriter(names)
        try writer.append(text, encoding)
        return writer.finish()
    }

    /// Bytes as they are.
    mutating func append(fixed: some Sequence<UInt8>) { bytes += fixed }

    /// Text as it is.
    mutating func append(fixed text: String) { bytes += text.utf8 }

    /// A slot.
    mutating func append(_ slot: Template.Slot, _ encoding: ByteEncoding) {
        pieces.append(
            Template.Piece(start: start, end: bytes.count, slot: slot, encoding: encoding))
        start = bytes.count
    }

    /// Text with its slots, all in the encoding of the place.
    mutating func append(_ text: String, _ encoding: ByteEncoding) throws(GeneratorError) {
        try append(SlotText(text), encoding)
    }

    private mutating func append(
        _ text: SlotText, _ encoding: ByteEncoding
    ) throws(GeneratorError) {
        for part in text.parts {
            switch part {
            case .text(let text): bytes.append(text, as: encoding)
            case .slot(.environment(let name)): try appendSecret(name, encoding)
            case .slot(let slot): append(try self.slot(slot), encoding)
            }
        }
    }

    private mutating func appendSecret(
        _ name: String, _ encoding: ByteEncoding
    ) throws(GeneratorError) {
        guard let value = EnvironmentVariable.value(of: name) else {
            throw GeneratorError(
                message: "the environment has no \(name), which ${env:\(name)} asks for",
                hint: "set it before the run")
        }
        let from = bytes.count
        bytes.append(value, as: encoding)
        // A field of a head leaves line ends out.
        let written = String(decoding: bytes[from...], as: UTF8.self)
        secrets += value == written ? [value] : [value, written]
    }

    private func slot(_ slot: SlotText.Slot) throws(GeneratorError) -> Template.Slot {
        switch slot {
        case .variable(let name):
            guard let index = names.variables.firstIndex(of: name) else {
                throw GeneratorError(
                    message: "nothing saves ${\(name)}",
                    hint: "save it in an earlier step of the scenario")
            }
            return .variable(index)
        case .column(let feed, let column):
            guard let index = names.feeds.firstIndex(where: { $0.name == feed }),
                let place = names.feeds[index].columns.firstIndex(of: column)
            else {
                throw GeneratorError(
                    message: "there is no data for ${\(feed).\(column)}",
                    hint: "name the file under data, and a column of its first line")
            }
            return .column(feed: index, column: place)
        case .iteration: return .iteration
        case .user: return .user
        case .uuid: return .uuid
        case .integer(let range):
            let count = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
            return .integer(least: range.lowerBound, count: count)
        case .string(let count): return .string(count)
        case .timestamp: return .timestamp
        case .timestampMilliseconds: return .timestampMilliseconds
        case .iso: return .iso
        case .checkedKey: return .checkedKey
        case .checkedValue: return .checkedValue
        case .checkedNext: return .checkedNext
        case .environment: preconditionFailure("a secret is no slot")
        }
    }

    /// A URL: its text as it stands, its slots encoded.
    mutating func append(url: String) throws(GeneratorError) {
        for part in SlotText(url).parts {
            switch part {
            case .text(let text): append(fixed: text)
            case .slot: try append(SlotText(parts: [part]), .percent)
            }
        }
    }

    // MARK: JSON

    /// A JSON value with the slots of its strings, compact.
    mutating func append(json value: JSONValue) throws(GeneratorError) {
        switch value {
        case .string(let string):
            let text = SlotText(string, isJSON: true)
            if !text.isUnquoted { append(fixed: "\"") }
            try append(text, text.isUnquoted ? .verbatim : .json)
            if !text.isUnquoted { append(fixed: "\"") }
        case .array(let elements):
            append(fixed: "[")
            for (index, element) in elements.enumerated() {
                if index > 0 { append(fixed: ",") }
                try append(json: element)
            }
            append(fixed: "]")
        case .object(let members):
            append(fixed: "{")
            for (index, member) in members.enumerated() {
                append(fixed: (index > 0 ? "," : "") + "\(JSONValue.string(member.name).text):")
                try append(json: member.value)
            }
            append(fixed: "}")
        default: append(fixed: value.text)
        }
    }
}
