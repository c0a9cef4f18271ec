import EventLoops
import JSON

/// The records of one database, as its commands see them.
struct Records: Sendable {
    let database: Int64
    let type: String
    let name: String
    let cache: RecordCache
    let injector: Injector

    private var isEvents: Bool { type == "events" }
    /// An answer ends before it is larger than that; the next page begins after its last entry.
    private static let maximumAnswerBytes = 4 << 20
    private static let maximumFound = 1000

    // MARK: Changes

    func put(_ key: String, _ value: JSONValue, _ storage: Database) throws(Refusal) -> Change {
        let text = value.text
        let hash = Self.hash(of: "PUT", name, key, text)
        for row in injector.deleted.take(of: database, at: injector.clock.nowNanoseconds) {
            try store(row.key, row.value, row.hash, storage)
        }
        if injector.tells(.dropWrite) == nil { try store(key, text, hash, storage) }
        return changed(key, hash)
    }

    private func store(
        _ key: String, _ text: String, _ hash: String, _ storage: Database
    ) throws(Refusal) {
        try storage.run(
            """
            INSERT INTO records (database, key, value, hash) VALUES (?, ?, ?, ?) \
            ON CONFLICT (database, key) DO UPDATE SET value = excluded.value, hash = excluded.hash
            """,
            [.integer(database), .text(key), .text(text), .text(hash)])
    }

    func delete(_ key: String, _ storage: Database) throws(Refusal) -> Change {
        let place: [SQLValue] = [.integer(database), .text(key)]
        if injector.tells(.revive) != nil {
            let rows = try storage.run(
                "SELECT value, hash FROM records WHERE database = ? AND key = ?", place)
            for row in rows {
                injector.deleted.keep(
                    DeletedRecords.Row(
                        key: key, value: row[0].text, hash: row[1].text,
                        due: injector.clock.nowNanoseconds + DeletedRecords.delayNanoseconds),
                    of: database)
            }
        }
        try storage.run("DELETE FROM records WHERE database = ? AND key = ?", place)
        return changed(key, Self.hash(of: "DEL", name, key, "null"))
    }

    private func changed(_ key: String, _ hash: String) -> Change {
        let (cache, database, injector) = (cache, database, injector)
        return Change(answer: .json(.object([.init("hash", .string(hash))]))) {
            cache.forget(key, in: database, at: injector.tells(.staleCache))
        }
    }

    /// Adds an event; two of the same value are two events.
    func add(_ value: JSONValue, _ storage: Database) throws(Refusal) -> Change {
        let text = value.text
        let hash = Self.hash(of: "ADD", name, "", text)
        var count = injector.tells(.dropWrite) == nil ? 1 : 0
        if injector.tells(.addTwice) != nil { count *= 2 }
        for index in 0..<count {
            let own = index == 0 ? hash : Self.hash(of: "ADD", name, "", text)
            try storage.run(
                "INSERT INTO events (database, hash, value) VALUES (?, ?, ?)",
                [.integer(database), .text(own), .text(text)])
        }
        return Change(answer: .json(.object([.init("hash", .string(hash))])))
    }

    /// The content id of an entry of the database's log; `nonce` keeps equal entries apart.
    private static func hash(
        of command: String, _ name: String, _ key: String, _ value: String
    ) -> String {
        let nonce = String(UInt64.random(in: 0 ... .max), radix: 36)
        // The value is hashed as it was written; everything else is canonical already.
        let head: JSONValue = .object([
            .init("id", .string(name)), .init("key", .string(key)),
            .init("nonce", .string(nonce)), .init("op", .string(command)),
        ])
        let bytes = CanonicalJSON.bytes(of: head).dropLast() + ",\"value\":\(value)}".utf8
        return ContentID.text(of: bytes, codec: .dagJSON)
    }

    // MARK: Reads

    func get(_ key: String, _ storage: Database) throws(Refusal) -> Answer {
        let stamp = cache.stamp(of: database)
        let place: [SQLValue] = [.integer(database), .text(key)]
        let rows =
            isEvents
            ? try storage.run(
                "SELECT hash, value, hash FROM events WHERE database = ? AND hash = ?", place)
            : try storage.run(
                "SELECT key, value, hash FROM records WHERE database = ? AND key = ?", place)
        var body: [UInt8] = []
        if let row = rows.first {
            Self.write(row, to: &body)
        } else {
            Self.write([.text(key), "null", .null], to: &body)
        }
        if !isEvents { cache.keep(body, of: key, in: database, stamp: stamp) }
        return Answer(status: 200, contentType: "application/json", body: body)
    }

    func all(limit: Int, after: String?, _ storage: Database) throws(Refusal) -> Answer {
        if !isEvents {
            return try page(
                "SELECT key, value, hash FROM records WHERE database = ? AND key > ? ORDER BY key",
                [.integer(database), .text(after ?? "")], limit: limit, storage)
        }
        var start: SQLValue = .integer(0)
        if let after {
            let rows = try storage.run(
                "SELECT sequence FROM events WHERE database = ? AND hash = ?",
                [.integer(database), .text(after)])
            guard let row = rows.first else { return .json(.array([])) }
            start = row[0]
        }
        return try page(
            """
            SELECT hash, value, hash FROM events WHERE database = ? AND sequence > ? \
            ORDER BY sequence
            """, [.integer(database), start], limit: limit, storage)
    }

    /// The documents whose fields are equal to those of `wanted`.
    func query(_ wanted: JSONValue, _ storage: Database) throws(Refusal) -> Answer {
        try page(
            "SELECT key, value, hash FROM records WHERE database = ? ORDER BY key",
            [.integer(database)], limit: Self.maximumFound, storage
        ) { row in
            guard let value = try? JSONValue(parsing: row[1].text.utf8, maximumDepth: 80) else {
                return false
            }
            return (wanted.object ?? []).allSatisfy { member in
                value[member.name] == member.value
            }
        }
    }

    private func page(
        _ text: String, _ values: [SQLValue], limit: Int, _ storage: Database,
        where isWanted: ([SQLValue]) -> Bool = { _ in true }
    ) throws(Refusal) -> Answer {
        var body: [UInt8] = [UInt8(ascii: "[")]
        var count = 0
        try storage.each(text, values) { row in
            guard isWanted(row) else { return true }
            if count > 0 { body.append(UInt8(ascii: ",")) }
            Self.write(row, to: &body)
            count += 1
            return count < limit && body.count < Self.maximumAnswerBytes
        }
        body.append(UInt8(ascii: "]"))
        return Answer(status: 200, contentType: "application/json", body: body)
    }

    /// An entry: its key, its value as it was stored, its hash.
    private static func write(_ row: [SQLValue], to body: inout [UInt8]) {
        body += "{\"key\":".utf8
        body += JSONValue.string(row[0].text).text.utf8
        body += ",\"value\":".utf8
        body += row[1].text.utf8
        body += ",\"hash\":".utf8
        body += (row[2].optionalText.map { JSONValue.string($0) } ?? .null).text.utf8
        body.append(UInt8(ascii: "}"))
    }
}
