import JSON

extension Node {
    func databaseWork(_ call: Call) -> Work {
        let name = call.path["id"] ?? ""
        return switch call.operation {
        case "listDatabases":
            read { (database) throws(Refusal) in
                let rows = try database.run(
                    "SELECT name FROM databases WHERE is_open = 1 ORDER BY name")
                return .json(
                    .object([.init("databases", .array(rows.map { .string($0[0]) }))]))
            }
        case "openDatabase":
            .write { (database) throws(Refusal) in try Self.open(call, database) }
        case "describeDatabase":
            read { (database) throws(Refusal) in
                .json(Self.description(name, type: try Self.openType(of: name, in: database)))
            }
        case "closeDatabase":
            .write { (database) throws(Refusal) in
                _ = try Self.openType(of: name, in: database)
                try database.run("UPDATE databases SET is_open = 0 WHERE name = ?", [name])
                return .text("closed")
            }
        default: command(call, on: name)
        }
    }

    private func read(_ body: @escaping @Sendable (Database) throws(Refusal) -> Answer) -> Work {
        .read { [storage] () throws(Refusal) in try storage.read(body) }
    }

    private func command(_ call: Call, on name: String) -> Work {
        switch call.text("command") {
        case "put", "del":
            .write { (database) throws(Refusal) in
                try Self.checkKeyValue(name, call, in: database)
                return try Self.change(call, name, database)
            }
        default:
            read { (database) throws(Refusal) in
                try Self.checkKeyValue(name, call, in: database)
                return try Self.lookUp(call, name, database)
            }
        }
    }

    private static func open(_ call: Call, _ database: Database) throws(Refusal) -> Answer {
        let name = call.text("dbName") ?? ""
        let type = call.text("dbType") ?? "keyvalue"
        if let row = try database.run("SELECT type FROM databases WHERE name = ?", [name]).first {
            guard row[0] == type else {
                throw Refusal(409, "the database \(name) is of type \(row[0])")
            }
            try database.run("UPDATE databases SET is_open = 1 WHERE name = ?", [name])
            return .json(description(name, type: type))
        }
        let pod: String
        if let given = call.text("podId") {
            _ = try process(of: given, in: database)
            pod = given
        } else {
            pod = newName("pod")
            try database.run("INSERT INTO pods VALUES (?, 'orbitdb')", [pod])
        }
        try database.run("INSERT INTO databases VALUES (?, ?, ?, 1)", [name, type, pod])
        return .json(description(name, type: type))
    }

    private static func description(_ name: String, type: String) -> JSONValue {
        .object([
            .init("id", .string(name)), .init("type", .string(type)),
            .init("address", .string("/orbitdb/\(name)")),
            .init("multiaddrs", .array([.string("/memory/\(name)")])),
        ])
    }

    private static func openType(of name: String, in database: Database) throws(Refusal) -> String {
        let rows = try database.run(
            "SELECT type FROM databases WHERE name = ? AND is_open = 1", [name])
        guard let row = rows.first else { throw Refusal(404, "there is no open database \(name)") }
        return row[0]
    }

    private static func checkKeyValue(
        _ name: String, _ call: Call, in database: Database
    ) throws(Refusal) {
        let type = try openType(of: name, in: database)
        let command = call.text("command") ?? ""
        guard type == "keyvalue" || type == "keyvalueindexed" else {
            throw Refusal(501, "this node does not have commands on \(type) yet")
        }
        guard ["put", "get", "del", "all"].contains(command) else {
            throw Refusal(400, "\(command) is no command of a database of type \(type)")
        }
    }

    private static func change(
        _ call: Call, _ name: String, _ database: Database
    ) throws(Refusal) -> Answer {
        let key = call.body["args"]?["key"]?.string ?? ""
        let value = call.body["args"]?["value"]?.text ?? ""
        let hash = hash([call.text("command") ?? "", name, key, value])
        if call.text("command") == "put" {
            try database.run(
                "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", [name, key, value, hash])
        } else {
            try database.run("DELETE FROM entries WHERE database = ? AND key = ?", [name, key])
        }
        return .json(.object([.init("hash", .string(hash))]))
    }

    private static func lookUp(
        _ call: Call, _ name: String, _ database: Database
    ) throws(Refusal) -> Answer {
        let arguments = call.body["args"]
        if call.text("command") == "get" {
            let key = arguments?["key"]?.string ?? ""
            let rows = try database.run(
                "SELECT key, value, hash FROM entries WHERE database = ? AND key = ?", [name, key])
            guard let row = rows.first else {
                return .json(
                    .object([
                        .init("key", .string(key)), .init("value", .null), .init("hash", .null),
                    ]))
            }
            return .json(try entry(row))
        }
        let limit = arguments?["limit"]?.integer ?? 100
        let after = arguments?["after"]?.string ?? ""
        let rows = try database.run(
            "SELECT key, value, hash FROM entries WHERE database = ? AND key > ? ORDER BY key "
                + "LIMIT ?",
            [name, after, String(limit)])
        var entries: [JSONValue] = []
        for row in rows { entries.append(try entry(row)) }
        return .json(.array(entries))
    }

    private static func entry(_ row: [String]) throws(Refusal) -> JSONValue {
        let value: JSONValue
        do { value = try JSONValue(parsing: row[1].utf8) } catch {
            throw Refusal(500, "the value of \(row[0]) is not as it was written")
        }
        return .object([
            .init("key", .string(row[0])), .init("value", value), .init("hash", .string(row[2])),
        ])
    }

    /// An opaque name of a change: 64 bits of FNV-1a.
    private static func hash(_ parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\0").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
