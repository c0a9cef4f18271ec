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
        var result: [Operation] = []
        for member in item.object ?? [] where Self.methods.contains(member.name) {
            result.append(try operation(method: member.name, member.value))
        }
        return result
    }

    private func operation(
        method: String, _ value: JSONValue
    ) throws(ContractError) -> Operation {
        let place = "\(method.uppercased()) \(path)"
        guard let id = value["operationId"]?.string else {
            throw document.error("the operation has no operationId", at: place)
        }
        let content = try resolved(value["requestBody"])?["content"]?["application/json"]
        var answers: [Operation.Answer] = []
        let isOpen = isRelaxed && value["x-upstream"] != nil
        for member in value["responses"]?.object ?? [] {
            guard let statuses = Self.statuses(member.name) else {
                throw document.error(
                    "\(member.name) is no status; allowed are 100 to 599, 1XX to 5XX, default",
                    at: place)
            }
            answers.append(
                try answer(try resolved(member.value) ?? .null, of: statuses, isOpen: isOpen))
        }
        answers.sort { $0.statuses.count < $1.statuses.count }
        let parameters = try parameters(value)
        let schema = try content?["schema"].map { schema throws(ContractError) in
            try Schema.compile(schema, in: document)
        }
        let example = content?["example"] ?? content?["examples"]?.object?.first?.value["value"]
        return Operation(
            id: id, method: method.uppercased(), path: pathParts(),
            parameters: parameters,
            body: (schema, example), answers: answers)
    }

    private func parameters(
        _ value: JSONValue
    ) throws(ContractError) -> [Operation.Parameter] {
        var result: [Operation.Parameter] = []
        for entry in (item["parameters"]?.array ?? []) + (value["parameters"]?.array ?? []) {
            guard let parameter = try resolved(entry), let name = parameter["name"]?.string,
                let location = parameter["in"]?.string
            else { throw document.error("a parameter needs name and in", at: path) }
            result.append(
                Operation.Parameter(
                    name: name, location: location,
                    isRequired: parameter["required"]?.bool ?? false,
                    schema: try Schema.compile(parameter["schema"] ?? .null, in: document)))
        }
        return result
    }

    private func answer(
        _ value: JSONValue, of statuses: ClosedRange<Int>, isOpen: Bool
    ) throws(ContractError) -> Operation.Answer {
        let headers = isOpen ? [] : try headers(value["headers"])
        guard let content = value["content"]?.object?.first else {
            return Operation.Answer(
                statuses: statuses, mediaType: nil, schema: .any, fixedBody: nil, isOpen: true,
                headers: headers)
        }
        let schema = try Schema.compile(content.value["schema"] ?? .null, in: document)
        var fixedBody: [UInt8]?
        if content.name != "application/json", !isOpen,
            let text = content.value["schema"]?["const"]?.string
        {
            fixedBody = Array(text.utf8)
        }
        var fitsAll = isOpen
        if case .any = schema { fitsAll = true }
        return Operation.Answer(
            statuses: statuses, mediaType: content.name.lowercased(), schema: schema,
            fixedBody: fixedBody, isOpen: fitsAll, headers: headers)
    }

    /// The fields that can be wrong; Content-Type is no such field, as OpenAPI has it.
    private func headers(_ value: JSONValue?) throws(ContractError) -> [Operation.Header] {
        var result: [Operation.Header] = []
        for member in value?.object ?? [] where member.name.lowercased() != "content-type" {
            guard let header = try resolved(member.value) else { continue }
            let isRequired = header["required"]?.bool ?? false
            let schema = try Schema.compile(header["schema"] ?? .null, in: document)
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

    private func resolved(_ value: JSONValue?) throws(ContractError) -> JSONValue? {
        guard let reference = value?["$ref"]?.string else { return value }
        return try document.resolve(reference)
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
