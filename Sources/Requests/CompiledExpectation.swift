package import Contracts
package import JSON
import Profiles

/// What a step asks of an answer beside status and contract, with its texts made ready.
package final class CompiledExpectation: Sendable {
    /// A place in a JSON body with its value.
    package struct PathValue: Sendable {
        package let path: JSONPath
        package let value: JSONValue
        /// The value as text, where it has slots; `nil` if it is compared as it is.
        package let template: Template?
    }

    package let contentType: String?
    package let body: Template?
    package let contains: Template?
    package let matches: RegularExpression?
    package let values: [PathValue]
    /// Names in lower case, with their values.
    package let headers: [(name: [UInt8], value: Template)]
    /// The most that latency may be; 0 for no bound.
    package let maximumNanoseconds: UInt64

    /// `nil` if nothing is asked.
    init?(_ expect: Expectation, _ names: TemplateWriter.Names) throws(GeneratorError) {
        var rest = expect
        rest.statuses = []
        if rest == Expectation() { return nil }
        func template(_ text: String?) throws(GeneratorError) -> Template? {
            guard let text else { return nil }
            return try TemplateWriter.text(text, .verbatim, names)
        }
        contentType = expect.contentType
        body = try template(expect.body)
        contains = try template(expect.contains)
        matches = try expect.matches.map { text throws(GeneratorError) in
            try RegularExpression(compiling: text)
        }
        var values: [PathValue] = []
        for value in expect.values {
            let text = value.value.string.flatMap { SlotText($0).hasSlots ? $0 : nil }
            values.append(
                PathValue(path: value.path, value: value.value, template: try template(text)))
        }
        self.values = values
        var headers: [(name: [UInt8], value: Template)] = []
        for field in expect.headers {
            headers.append(
                (
                    Array(field.name.lowercased().utf8),
                    try TemplateWriter.text(field.value, .verbatim, names)
                ))
        }
        self.headers = headers
        maximumNanoseconds = expect.time?.nanoseconds ?? 0
    }

    /// Whether the body has to be parsed.
    package var needsJSON: Bool { !values.isEmpty }

    /// Whether it looks at the body.
    package var readsBody: Bool { needsJSON || body != nil || contains != nil || matches != nil }

    /// Every text that may vary.
    package var templates: [Template] {
        [body, contains].compactMap { $0 } + values.compactMap(\.template) + headers.map(\.value)
    }
}

extension RegularExpression {
    /// Compiles an expression that the decoder has let through.
    convenience init(compiling text: String) throws(GeneratorError) {
        do { try self.init(text) } catch {
            throw GeneratorError(
                message: "\"\(text)\" is no regular expression", hint: error.message)
        }
    }
}
