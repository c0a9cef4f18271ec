import JSON

/// Reads the operations of one path of an OpenAPI document.
struct OperationBuilder {
    let document: Document
    let path: String
    let item: JSONValue
    let isRelaxed: Bool

    private static let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ]

    func operations() throws(ContractError) -> [Operation] {
        let item = resolved(item) ?? item
        var result: [Operation] = []
        for member in item.object ?? [] where Self.methods.contains(member.name) {
            result.append(try operation(method: member.name, member.value, of: item))
        }
        return result
    }

    private func operation(
        method: String, _ value: JSONValue, of item: JSONValue
    ) throws(ContractError) -> Operation {
        let place = "\(method.uppercased()) \(path)"
        let content = resolved(value["requestBody"])?["content"]?.object?
            .first { MediaType($0.name).isJSON }?.value
        var answers: [Operation.Answer] = []
        let isOpen = isRelaxed && value["x-upstream"] != nil
        for member in value["responses"]?.object ?? [] where !member.name.hasPrefix("x-") {
            guard let statuses = Self.statuses(member.name) else {
                document.leaveUnchecked(
                    "\(member.name) is no status; allowed are 100 to 599, 1XX to 5XX, default",
                    at: place)
                continue
            }
            let answer = resolved(member.value) ?? .null
            answers.append(
                try self.answer(answer, of: statuses, isOpen: isOpen, at: "\(place) \(member.name)")
            )
        }
        answers.sort { $0.statuses.count < $1.statuses.count }
        let parameters = try parameters(value, of: item)
        let schema = try content?["schema"].map { schema throws(ContractError) in
            try Schema.compile(schema, in: document, at: "\(place) requestBody")
        }
        let examples = resolved(content?["examples"]?.object?.first?.value)
        return Operation(
            id: value["operationId"]?.string ?? place, line: (method.uppercased(), pathParts()),
            parameters: parameters,
            body: (schema, content?["example"] ?? examples?["value"]), answers: answers,
            owner: document.owner)
    }

    private func parameters(
        _ value: JSONValue, of item: JSONValue
    ) throws(ContractError) -> [Operation.Parameter] {
        var result: [Operation.Parameter] = []
        for entry in (item["parameters"]?.array ?? []) + (value["parameters"]?.array ?? []) {
            guard let parameter = resolved(entry) else { continue }
            guard let name = parameter["name"]?.string, let location = parameter["in"]?.string
            else {
                document.leaveUnchecked("a parameter needs name and in", at: path)
                continue
            }
            // What the operation says of it goes before what the path does.
            result.removeAll { $0.name == name && $0.location == location }
            result.append(
                Operation.Parameter(
                    name: name, location: location,
                    isRequired: parameter["required"]?.bool ?? false,
                    schema: try Schema.compile(
                        parameter["schema"] ?? .null, in: document, at: "\(path) \(name)")))
        }
        return result
    }

    private func answer(
        _ value: JSONValue, of statuses: ClosedRange<Int>, isOpen: Bool, at place: String
    ) throws(ContractError) -> Operation.Answer {
        let headers = isOpen ? [] : try headers(value["headers"], at: place)
        var contents: [Operation.Content] = []
        for content in value["content"]?.object ?? [] {
            let schema = try Schema.compile(
                content.value["schema"] ?? .null, in: document, at: "\(place) \(content.name)")
            let mediaType = MediaType(content.name)
            var fixedBody: [UInt8]?
            if !mediaType.isJSON, !isOpen, let text = content.value["schema"]?["const"]?.string {
                fixedBody = Array(text.utf8)
            }
            var fitsAll = isOpen
            if case .any = schema { fitsAll = true }
            contents.append(
                Operation.Content(
                    mediaType: mediaType, schema: schema, fixedBody: fixedBody, isOpen: fitsAll))
        }
        return Operation.Answer(statuses: statuses, contents: contents, headers: headers)
    }

    /// The fields that can be wrong; Content-Type is no such field, as OpenAPI has it.
    private func headers(
        _ value: JSONValue?, at place: String
    ) throws(ContractError) -> [Operation.Header] {
        var result: [Operation.Header] = []
        for member in value?.object ?? [] where member.name.lowercased() != "content-type" {
            guard let header = resolved(member.value) else { continue }
            let isRequired = header["required"]?.bool ?? false
            let schema = try Schema.compile(
                header["schema"] ?? .null, in: document, at: "\(place) \(member.name)")
            if case .any = schema, !isRequired { continue }
            result.append(
                Operation.Header(
                    name: member.name.lowercased(), isRequired: isRequired, schema: schema))
        }
        return result
    }

    /// The statuses that a key of `responses` stands for: `200`, `2XX` or `default`.
    private static func statuses(_ key: String) -> ClosedRange<Int>? {
        if key == "default" { return 100...999 }
        if let status = Int(key), (100...599).contains(status) { return status...status }
        guard key.count == 3, key.uppercased().hasSuffix("XX"), let hundreds = Int(key.prefix(1)),
            (1...5).contains(hundreds)
        else { return nil }
        return hundreds * 100...hundreds * 100 + 99
    }

    /// What a value is, or refers to; `nil` for a reference to nothing, which is noted.
    private func resolved(_ value: JSONValue?) -> JSONValue? {
        guard let reference = value?["$ref"]?.string else { return value }
        return document.resolve(reference)
    }

    private func pathParts() -> [Operation.PathPart] {
        var parts: [Operation.PathPart] = []
        var rest = path[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.literal(String(rest[..<open]))) }
            parts.append(.parameter(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        return parts
    }
}
