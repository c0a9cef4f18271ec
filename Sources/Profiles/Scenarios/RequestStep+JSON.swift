import JSON
import Quantities

extension RequestStep {
    /// The request as the profile has it.
    var json: JSONValue {
        var keys: [JSONValue.Member] = []
        func add(_ key: String, _ text: String?) {
            if let text { keys.append(.init(key, .string(text))) }
        }
        var key = "request"
        switch call {
        case .operation(let id, let path):
            key = id
            let fields = path.sorted { $0.key < $1.key }.map {
                Field(name: $0.key, value: $0.value)
            }
            if !fields.isEmpty { keys.append(.init("path", fields.json)) }
        case .url(let method, let url):
            add("method", method)
            add("url", url)
        }
        add("name", name)
        if !query.isEmpty { keys.append(.init("query", query.json)) }
        if !headers.isEmpty { keys.append(.init("headers", headers.json)) }
        if let body { keys.append(body.json) }
        add("content type", contentType)
        if !save.isEmpty {
            keys.append(
                .init("save", .object(save.map { .init($0.variable, $0.source.json) })))
        }
        if expect != Expectation() { keys.append(.init("expect", expect.json)) }
        if let think { keys.append(.init("think", think.json)) }
        if let checked { keys.append(.init("checked", checked.json)) }
        return keys.isEmpty ? .string(key) : .object([.init(key, .object(keys))])
    }
}

extension [RequestStep.Field] {
    fileprivate var json: JSONValue { .object(map { .init($0.name, .string($0.value)) }) }
}

extension RequestStep.Body {
    fileprivate var json: JSONValue.Member {
        switch self {
        case .json(let value): .init("body", value)
        case .text(let text): .init("text", .string(text))
        case .form(let fields): .init("form", fields.json)
        case .file(let path): .init("body file", .string(path))
        case .multipart(let parts): .init("multipart", .object(parts.map(\.json)))
        }
    }
}

extension RequestStep.Part {
    fileprivate var json: JSONValue.Member {
        var keys: [JSONValue.Member] = []
        switch content {
        case .value(let text):
            if type == nil { return .init(name, .string(text)) }
            keys = [.init("value", .string(text))]
        case .file(let path, let shown):
            keys = [.init("file", .string(path)), .init("name", .string(shown))]
        }
        if let type { keys.append(.init("type", .string(type))) }
        return .init(name, .object(keys))
    }
}

extension RequestStep.Extraction.Source {
    var json: JSONValue {
        switch self {
        case .path(let path): .string(path.description)
        case .header(let name): .object([.init("header", .string(name))])
        case .expression(let text): .object([.init("regex", .string(text))])
        }
    }
}

extension Expectation {
    fileprivate var json: JSONValue {
        var keys: [JSONValue.Member] = []
        if !statuses.isEmpty {
            let list = statuses.map { range -> JSONValue in
                range.count == 1
                    ? .integer(Int64(range.lowerBound)) : .string("\(range.lowerBound / 100)xx")
            }
            keys.append(.init("status", list.count == 1 ? list[0] : .array(list)))
        }
        for (key, text) in [
            ("body", body), ("contains", contains), ("matches", matches),
            ("content type", contentType), ("time", time.map { Quantity.text($0) }),
        ] {
            if let text { keys.append(.init(key, .string(text))) }
        }
        if !headers.isEmpty { keys.append(.init("header", headers.json)) }
        keys += values.map { .init($0.path.description, $0.value) }
        return .object(keys)
    }
}
