import JSON

extension Node {
    func databaseWork(_ call: Call) throws(Refusal) -> Work {
        let name = call.path["id"] ?? ""
        switch call.operation {
        case "listDatabases":
            let names = bay.snapshot.databases.filter(\.value.isOpen).keys.sorted()
            return .now(.json(.object([.init("databases", .strings(names))])))
        case "openDatabase": return .job(try openDatabase(call))
        case "describeDatabase":
            return .now(.json(Self.description(name, try bay.openDatabase(name).type)))
        default: return .job(try closeDatabase(name, call))
        }
    }

    /// The container of an open database, as jobs and plans name it.
    static func container(ofDatabase name: String) -> String { "database:\(name)" }

    private static func description(_ name: String, _ type: String) -> JSONValue {
        .object([
            .init("id", .string(name)), .init("type", .string(type)),
            .init("address", .string("/orbitdb/\(name)")),
            .init("multiaddrs", .array([.string("/memory/\(name)")])),
        ])
    }

    private func openDatabase(_ call: Call) throws(Refusal) -> Order {
        let name = call.text("dbName") ?? ""
        let type = call.text("dbType") ?? "keyvalue"
        let given = call.text("podId")
        if let known = bay.database(name) {
            guard known.type == type else {
                throw Refusal(409, "the database \(name) is of type \(known.type)")
            }
            guard given == nil || given == known.pod else {
                _ = try bay.pod(given ?? "")
                throw Refusal(409, "the database \(name) is on the pod \(known.pod)")
            }
            return try open(name, type, on: try bay.pod(known.pod), call)
        }
        if let given { return try open(name, type, on: try bay.pod(given), call) }
        let pod = Self.newName("pod")
        try bay.reserve(pod, process: "orbitdb")
        return opening(name, type, pod: pod, isNew: true, call)
    }

    private func open(
        _ name: String, _ type: String, on pod: Pod, _ call: Call
    ) throws(Refusal) -> Order {
        try Self.require("orbitdb", of: pod)
        return opening(name, type, pod: pod.name, isNew: false, call)
    }

    /// What is to be opened, and whether its pod is made for it.
    private struct Opening: Sendable {
        let name: String
        let type: String
        let pod: String
        let isNew: Bool
    }

    private func opening(
        _ name: String, _ type: String, pod: String, isNew: Bool, _ call: Call
    ) -> Order {
        let bay = bay
        let place = Opening(name: name, type: type, pod: pod, isNew: isNew)
        let stack = Pod.stacks["orbitdb"] ?? []
        let containers: [String] = isNew ? stack : stack.reversed()
        // Where the pod was there before, there is none to release.
        let undo: @Sendable () -> Void = { if isNew { bay.release(pod) } }
        return Order(
            command: "openDatabase",
            key: ContainerKey(pod: pod, container: isNew ? Self.stack : "orbitdb"),
            calls: containers.map { ContainerKey(pod: pod, container: $0) },
            isIdempotent: true, call: call,
            step: .write { (database) throws(Refusal) in
                try Self.open(place, bay, database)
            }, undo: undo)
    }

    private static func open(
        _ place: Opening, _ bay: PodBay, _ database: Database
    ) throws(Refusal) -> Change {
        let (name, type, pod, isNew) = (place.name, place.type, place.pod, place.isNew)
        let answer = Answer.json(description(name, type))
        let rows = try database.run(
            "SELECT id, type, pod FROM databases WHERE name = ?", [.text(name)])
        if let row = rows.first {
            // Another was quicker: its pod has the database, and the new one is not needed.
            guard row[1].text == type else {
                throw Refusal(409, "the database \(name) is of type \(row[1].text)")
            }
            try database.run("UPDATE databases SET is_open = 1 WHERE id = ?", [row[0]])
            let record = DatabaseRecord(
                id: row[0].integer, type: type, pod: row[2].text, isOpen: true)
            return Change(answer: answer) {
                bay.opened(name, record)
                if isNew { bay.release(pod) }
            }
        }
        if isNew {
            try insert(pod: pod, "orbitdb", database)
        } else {
            try requirePod(pod, database)
        }
        try database.run(
            "INSERT INTO databases (name, type, pod, is_open) VALUES (?, ?, ?, 1)",
            [.text(name), .text(type), .text(pod)])
        let record = DatabaseRecord(id: database.lastKey, type: type, pod: pod, isOpen: true)
        return Change(answer: answer) {
            if isNew { bay.built(pod) }
            bay.opened(name, record)
        }
    }

    private func closeDatabase(_ name: String, _ call: Call) throws(Refusal) -> Order {
        let record = try bay.openDatabase(name)
        let (bay, director) = (bay, director)
        let container = Self.container(ofDatabase: name)
        return Order(
            command: "closeDatabase",
            key: ContainerKey(pod: record.pod, container: Self.stack), calls: [],
            isIdempotent: true, call: call,
            step: .write { (database) throws(Refusal) in
                try database.run(
                    "UPDATE databases SET is_open = 0 WHERE id = ? AND is_open = 1",
                    [.integer(record.id)])
                guard database.changes == 1 else {
                    throw Refusal(404, "there is no open database \(name)")
                }
                return Change(answer: .text("closed")) {
                    bay.closed(name)
                    director.forget(pod: record.pod, container: container)
                }
            })
    }
}
