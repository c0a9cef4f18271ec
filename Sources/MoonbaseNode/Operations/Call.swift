import Contracts
import JSON

/// A request whose form is right by the contract.
struct Call: Sendable {
    let operation: String
    let path: [String: String]
    let query: [String: String]
    let body: JSONValue

    init(operation: String, path: [String: String], query: [String: String], body: JSONValue) {
        self.operation = operation
        self.path = path
        self.query = query
        self.body = body
    }

    /// Checks a request against its operation.
    ///
    /// - Throws: `Refusal` 400, 413 or 415 with the place.
    init(
        _ route: Router.Route, _ segments: [Substring], _ request: Request
    ) throws(Refusal) {
        let operation = route.operation
        var path: [String: String] = [:]
        for (name, segment) in zip(route.parameterNames, segments) {
            guard let value = PercentEncoding.decoded(segment) else {
                throw Refusal(400, "the path is not encoded as a URL is")
            }
            path[name] = value
        }
        var query: [String: String] = [:]
        if !request.query.isEmpty {
            guard let values = PercentEncoding.parameters(request.query) else {
                throw Refusal(400, "the query has a name twice, or is not encoded as a URL is")
            }
            query = values
        }
        for parameter in operation.parameters {
            let value = parameter.location == "path" ? path[parameter.name] : query[parameter.name]
            try Self.check(value, parameter)
        }
        self.operation = operation.id
        self.path = path
        self.query = query
        body = try Self.body(of: request, operation)
    }

    private static func check(
        _ text: String?, _ parameter: Operation.Parameter
    ) throws(Refusal) {
        guard let text else {
            if parameter.isRequired { throw Refusal(400, "\(parameter.name) is missing") }
            return
        }
        let asText = parameter.schema.problem(with: .string(text), at: parameter.name)
        guard let asText else { return }
        // A parameter is text; where the schema wants a number, it is read as one.
        let isWhole = !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        guard isWhole, let number = Int64(text) else { throw Refusal(400, asText) }
        if let problem = parameter.schema.problem(with: .integer(number), at: parameter.name) {
            throw Refusal(400, problem)
        }
    }

    private static func body(
        of request: Request, _ operation: Operation
    ) throws(Refusal) -> JSONValue {
        guard let schema = operation.bodySchema else { return .null }
        if let type = request.contentType {
            let name = type.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
            guard name == "application/json" else {
                throw Refusal(415, "the body is \(name), and only application/json is taken")
            }
        }
        let body: JSONValue
        do {
            body = try JSONValue(parsing: request.body, maximumDepth: 64, rules: .strict)
        } catch {
            throw Refusal(400, "the body is not JSON: \(error)")
        }
        let named = withoutAliases(body)
        if let problem = schema.problem(with: named) {
            throw Refusal(400, "the body is wrong: \(problem)")
        }
        return named
    }

    /// How many entries are asked for.
    var items: Int { query["items"].flatMap { Int($0) } ?? 10 }

    func text(_ name: String) -> String? { body[name]?.string }

    func argument(_ name: String) -> JSONValue? { body["args"]?[name] }

    private static let aliases = [
        "databaseName": "dbName", "databaseType": "dbType", "operation": "command",
    ]
    private static let argumentNames = [
        "key", "value", "query", "limit", "after", "address", "protocol", "data", "cid", "peerId",
        "processType",
    ]

    /// The contract's other names for a field, as the first; the fields of args beside command go
    /// into args.
    private static func withoutAliases(_ body: JSONValue) -> JSONValue {
        guard case .object(var members) = body else { return body }
        for (index, member) in members.enumerated() {
            if let name = aliases[member.name], body[name] == nil { members[index].name = name }
        }
        let isCommand = members.contains { $0.name == "command" || $0.name == "state" }
        let beside = members.filter { argumentNames.contains($0.name) }
        guard isCommand, !beside.isEmpty else { return .object(members) }
        guard let place = members.firstIndex(where: { $0.name == "args" }) else {
            return .object(members + [.init("args", .object(beside))])
        }
        guard case .object(let given) = members[place].value else { return .object(members) }
        let missing = beside.filter { one in !given.contains { $0.name == one.name } }
        members[place].value = .object(given + missing)
        return .object(members)
    }
}
