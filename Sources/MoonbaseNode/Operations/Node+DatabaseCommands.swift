import JSON

extension Node {
    private static let commands = [
        "keyvalue": ["put", "get", "del", "all"],
        "keyvalueindexed": ["put", "get", "del", "all"],
        "documents": ["put", "get", "del", "query", "all"],
        "events": ["add", "get", "all"],
    ]

    /// A command on a database: a job of the database's container.
    func databaseCommand(_ call: Call) throws(Refusal) -> Work {
        let name = call.path["id"] ?? ""
        let record = try bay.openDatabase(name)
        let command = call.text("command") ?? ""
        guard Self.commands[record.type]?.contains(command) == true else {
            throw Refusal(400, "\(command) is no command of a database of type \(record.type)")
        }
        let pod = try bay.pod(record.pod)
        let key = ContainerKey(pod: pod.name, container: Self.container(ofDatabase: name))
        if command == "get", record.type != "events", let wanted = call.argument("key")?.string,
            let body = cache.body(of: wanted, in: record.id)
        {
            director.note(command, key)
            return .now(Answer(status: 200, contentType: "application/json", body: body))
        }
        try Self.require("orbitdb", of: pod)
        let below = pod.chain(from: "orbitdb").map { ContainerKey(pod: pod.name, container: $0) }
        return .job(
            Order(
                command: command, key: key, calls: [key] + below,
                isIdempotent: command != "add", call: call,
                step: try step(of: command, on: record, name, call)))
    }

    private func step(
        of command: String, on record: DatabaseRecord, _ name: String, _ call: Call
    ) throws(Refusal) -> Order.Step {
        let records = Records(
            database: record.id, type: record.type, name: name, cache: cache, injector: injector)
        switch command {
        case "put":
            let value = call.argument("value") ?? .null
            let key = try Self.key(of: value, record.type, call)
            return .write { (database) throws(Refusal) in
                try records.put(key, value, database)
            }
        case "add":
            let value = call.argument("value") ?? .null
            return .write { (database) throws(Refusal) in try records.add(value, database) }
        case "del":
            let key = call.argument("key")?.string ?? ""
            return .write { (database) throws(Refusal) in try records.delete(key, database) }
        case "get":
            let key = call.argument("key")?.string ?? ""
            return .read { (database) throws(Refusal) in try records.get(key, database) }
        case "query":
            let wanted = call.argument("query") ?? .null
            return .read { (database) throws(Refusal) in try records.query(wanted, database) }
        default:
            let limit = Int(call.argument("limit")?.integer ?? 100)
            let after = call.argument("after")?.string
            return .read { (database) throws(Refusal) in
                try records.all(limit: limit, after: after, database)
            }
        }
    }

    /// The key that a value is put under: the one given, or a document's own `_id`.
    private static func key(
        of value: JSONValue, _ type: String, _ call: Call
    ) throws(Refusal) -> String {
        if type == "documents", value.object == nil {
            throw Refusal(400, "a document is a JSON object")
        }
        if let key = call.argument("key")?.string { return key }
        guard type == "documents", let key = value["_id"]?.string,
            (1...512).contains(key.unicodeScalars.count)
        else {
            throw Refusal(400, "a key is missing, of 1 to 512 characters")
        }
        return key
    }
}
