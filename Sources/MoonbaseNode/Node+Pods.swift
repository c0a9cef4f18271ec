import JSON

extension Node {
    func podWork(_ call: Call) -> Work {
        let logbooks = logbooks
        return switch call.operation {
        case "listPods":
            .read { [storage] () throws(Refusal) in
                try storage.read { (database) throws(Refusal) in try Self.listPods(database) }
            }
        case "createPod":
            .write { (database) throws(Refusal) in
                try Self.createPod(call, database, logbooks)
            }
        case "deletePod":
            .write { (database) throws(Refusal) in
                try Self.deletePod(call, database, logbooks)
            }
        case "describePod":
            .read { [storage] () throws(Refusal) in
                try storage.read { (database) throws(Refusal) in
                    try Self.describePod(call.path["id"] ?? "", call.query["info"], database)
                }
            }
        default:
            .read { [storage] () throws(Refusal) in
                try storage.read { (database) throws(Refusal) in
                    try Self.commandPod(call, database)
                }
            }
        }
    }

    private static func listPods(_ database: Database) throws(Refusal) -> Answer {
        .json(
            .array(
                try database.run("SELECT name, process FROM pods ORDER BY name").map { row in
                    .object([
                        .init("pod", podID(row[0])), .init("processTypes", processTypes(row[1])),
                    ])
                }))
    }

    private static func createPod(
        _ call: Call, _ database: Database, _ logbooks: Logbooks
    ) throws(Refusal) -> Answer {
        let name = call.text("id") ?? newName("pod")
        let process = call.text("process") ?? "orbitdb"
        try database.run("INSERT OR IGNORE INTO pods VALUES (?, ?)", [name, process])
        guard database.changes == 1 else { throw Refusal(409, "there is a pod \(name)") }
        logbooks.log("pod created", pod: name)
        return .json(
            .object([
                .init("message", .string("Pod created")), .init("podId", podID(name)),
                .init("processType", .string(process)),
            ]))
    }

    private static func deletePod(
        _ call: Call, _ database: Database, _ logbooks: Logbooks
    ) throws(Refusal) -> Answer {
        let name = call.text("id") ?? ""
        guard name != "system" else { throw Refusal(409, "the pod system stays") }
        try database.run("DELETE FROM pods WHERE name = ?", [name])
        guard database.changes == 1 else { throw Refusal(404, "there is no pod \(name)") }
        try database.run(
            "DELETE FROM entries WHERE database IN (SELECT name FROM databases WHERE pod = ?)",
            [name])
        try database.run("DELETE FROM databases WHERE pod = ?", [name])
        logbooks.log("pod deleted", pod: name)
        return .json(
            .object([
                .init("message", .string("Node deleted")), .init("podId", .string(name)),
                .init("podBay", .string("default")),
            ]))
    }

    private static func describePod(
        _ name: String, _ info: String?, _ database: Database
    ) throws(Refusal) -> Answer {
        let process = try process(of: name, in: database)
        return switch info {
        case nil: .json(processTypes(process))
        case "status": .json(stages(process))
        case "peerid": .json(.string("peer-\(name)"))
        case "multiaddrs": .json(.array([.string("/memory/\(name)")]))
        case "protocols": .json(processTypes(process))
        default: .json(.array([]))
        }
    }

    private static func commandPod(_ call: Call, _ database: Database) throws(Refusal) -> Answer {
        let name = call.path["id"] ?? ""
        let process = try process(of: name, in: database)
        guard call.text("command") == "status" else {
            throw Refusal(
                501, "this node does not have the command \(call.text("command") ?? "") yet")
        }
        return .json(stages(process))
    }

    private static func processTypes(_ process: String) -> JSONValue {
        .array((processes[process] ?? [process]).map { .string($0) })
    }

    /// The stages of a stack: those that the pod has are started.
    private static func stages(_ process: String) -> JSONValue {
        let running = Set(processes[process] ?? [])
        return .object(
            ["libp2p", "ipfs", "orbitdb", "db"].map { name in
                let isUp = running.contains(name == "db" ? "orbitdb" : name)
                return .init(name, .string(isUp ? "started" : "none"))
            })
    }
}
