import Contracts
import JSON

/// A request whose form is right by the contract, and how it is to be answered.
struct Call: Sendable {
    let operation: String
    let path: [String: String]
    let query: [String: String]
    let body: JSONValue

    /// Checks a request against its operation.
    ///
    /// - Throws: `Refusal` 400 with the place.
    init(
        _ operation: Operation, path: [String: String], query: [String: String], body: JSONValue?
    ) throws(Refusal) {
        for parameter in operation.parameters {
            let text = parameter.location == "path" ? path[parameter.name] : query[parameter.name]
            guard let text else {
                if parameter.isRequired { throw Refusal(400, "\(parameter.name) is missing") }
                continue
            }
            // A parameter is text; where the schema wants a number, it is read as one.
            let asText = parameter.schema.problem(with: .string(text), at: parameter.name)
            let asNumber = Int64(text).flatMap {
                parameter.schema.problem(with: .integer($0), at: parameter.name)
            }
            let isRight = asText == nil || (Int64(text) != nil && asNumber == nil)
            if !isRight { throw Refusal(400, asNumber ?? asText ?? parameter.name) }
        }
        let named = Self.withoutAliases(body ?? .object([]))
        if let schema = operation.bodySchema, let problem = schema.problem(with: named) {
            throw Refusal(400, "the body is wrong: \(problem)")
        }
        self.operation = operation.id
        self.path = path
        self.query = query
        self.body = named
    }

    /// How many entries are asked for.
    var items: Int { query["items"].flatMap { Int($0) } ?? 10 }

    func text(_ name: String) -> String? { body[name]?.string }

    private static let aliases = [
        "databaseName": "dbName", "databaseType": "dbType", "operation": "command",
    ]
    private static let commandKeys = ["key", "value", "query", "limit", "after"]

    /// The contract's other names for a field, as the first; the fields of args beside command go
    /// into args.
    private static func withoutAliases(_ body: JSONValue) -> JSONValue {
        guard case .object(var members) = body else { return body }
        for (index, member) in members.enumerated() {
            if let name = aliases[member.name], body[name] == nil { members[index].name = name }
        }
        if body["args"] == nil, members.contains(where: { $0.name == "command" }) {
            let beside = members.filter { commandKeys.contains($0.name) }
            if !beside.isEmpty { members.append(.init("args", .object(beside))) }
        }
        return .object(members)
    }
}
