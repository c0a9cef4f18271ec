import JSON

extension Node {
    func podWork(_ call: Call) throws(Refusal) -> Work {
        switch call.operation {
        case "listPods": .now(listPods())
        case "createPod": .job(try createPod(call))
        case "deletePod": .job(try deletePod(call))
        case "describePod": .now(try describePod(call))
        default: .job(try setPodState(call))
        }
    }

    /// The queue of what concerns a whole stack.
    static let stack = "stack"

    static func podID(_ name: String) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("type", .string("pod")),
            .init("podBay", .string("default")),
        ])
    }

    private func listPods() -> Answer {
        let pods = bay.snapshot.pods.values.filter { $0.phase == .running }.sorted {
            $0.name < $1.name
        }
        return .json(
            .array(
                pods.map { pod in
                    .object([
                        .init("pod", Self.podID(pod.name)),
                        .init("processTypes", .strings(pod.containers)),
                    ])
                }))
    }

    private func createPod(_ call: Call) throws(Refusal) -> Order {
        let name = call.text("id") ?? Self.newName("pod")
        let process = call.text("process") ?? "orbitdb"
        try bay.reserve(name, process: process)
        let answer = Answer.json(
            .object([
                .init("message", .string("Pod created")), .init("podId", Self.podID(name)),
                .init("processType", .string(process)),
            ]))
        let (bay, logbooks) = (bay, logbooks)
        return Order(
            command: "createPod", key: ContainerKey(pod: name, container: Self.stack),
            // The stack is built from below: each container is called once, and all have to start.
            calls: (Pod.stacks[process] ?? []).map { ContainerKey(pod: name, container: $0) },
            isIdempotent: false, call: call,
            step: .write { (database) throws(Refusal) in
                try Self.insert(pod: name, process, database)
                return Change(answer: answer) {
                    bay.built(name)
                    logbooks.log("pod created", pod: name)
                }
            },
            undo: {
                bay.release(name)
                logbooks.log("pod not created", level: "warn", pod: name)
            })
    }

    static func insert(
        pod: String, _ process: String, _ database: Database
    ) throws(Refusal) {
        try database.run(
            "INSERT OR IGNORE INTO pods (name, process) VALUES (?, ?)",
            [.text(pod), .text(process)])
        guard database.changes == 1 else { throw Refusal(409, "there is a pod \(pod)") }
    }

    /// - Throws: `Refusal` 404 where it is not on disk: it was deleted while this waited.
    static func requirePod(_ pod: String, _ database: Database) throws(Refusal) {
        let rows = try database.run("SELECT 1 FROM pods WHERE name = ?", [.text(pod)])
        if rows.isEmpty { throw Refusal(404, "there is no pod \(pod)") }
    }

    private func deletePod(_ call: Call) throws(Refusal) -> Order {
        let name = call.text("id") ?? ""
        guard name != "system" else { throw Refusal(409, "the pod system stays") }
        try bay.beginDelete(name)
        let answer = Answer.json(
            .object([
                .init("message", .string("Node deleted")), .init("podId", .string(name)),
                .init("podBay", .string("default")),
            ]))
        let (bay, logbooks, director, cache) = (bay, logbooks, director, cache)
        return Order(
            command: "deletePod", key: ContainerKey(pod: name, container: Self.stack), calls: [],
            isIdempotent: true, call: call,
            step: .write { (database) throws(Refusal) in
                let gone = try Self.remove(pod: name, database)
                return Change(answer: answer) {
                    bay.deleted(name)
                    for id in gone { cache.forget(id) }
                    director.forget(pod: name)
                    logbooks.log("pod deleted", pod: name)
                }
            },
            undo: { bay.cancelDelete(name) })
    }

    /// Takes a pod and everything that stands on it off the disk; the numbers of its databases.
    private static func remove(pod: String, _ database: Database) throws(Refusal) -> [Int64] {
        let name = [SQLValue.text(pod)]
        try database.run("DELETE FROM pods WHERE name = ?", name)
        let gone = try database.run("SELECT id FROM databases WHERE pod = ?", name)
        if !gone.isEmpty {
            // Their records go in parts, with the commits that follow.
            try database.run("INSERT INTO garbage SELECT id FROM databases WHERE pod = ?", name)
            try database.run("DELETE FROM databases WHERE pod = ?", name)
        }
        for text in [
            "DELETE FROM files WHERE filesystem IN (SELECT name FROM filesystems WHERE pod = ?)",
            "DELETE FROM filesystems WHERE pod = ?", "DELETE FROM blocks WHERE pod = ?",
            "DELETE FROM subscriptions WHERE pod = ?",
        ] { try database.run(text, name) }
        return gone.map { $0[0].integer }
    }

    private func describePod(_ call: Call) throws(Refusal) -> Answer {
        let pod = try bay.pod(call.path["id"] ?? "")
        return switch call.query["info"] {
        case nil: .json(.strings(pod.containers))
        case "status": .json(stages(of: pod))
        case let info?: .json(try Self.libp2p(info, of: pod, peer: nil))
        }
    }

    /// The stages of a stack, as its four parts.
    func stages(of pod: Pod) -> JSONValue {
        func stage(_ container: String) -> JSONValue {
            guard pod.has(container) else { return .string("none") }
            return .string(pod.stopped.contains(container) ? "stopped" : "started")
        }
        let open = bay.snapshot.databases.values.count { $0.pod == pod.name && $0.isOpen }
        return .object([
            .init("libp2p", stage("libp2p")), .init("ipfs", stage("ipfs")),
            .init("orbitdb", stage("orbitdb")),
            .init("db", .string(open > 0 ? "started" : "none")),
        ])
    }

    private func setPodState(_ call: Call) throws(Refusal) -> Order {
        let pod = try bay.pod(call.path["id"] ?? "")
        let container = call.argument("processType")?.string
        if let container, !pod.has(container) {
            throw Refusal(400, "the pod \(pod.name) has no \(container)")
        }
        let state = call.text("state")
        let configuration = call.body["configuration"]?.text
        var members: [JSONValue.Member] = [
            .init("message", .string("Command succeeded")), .init("podId", .string(pod.name)),
        ]
        if let state { members.append(.init("command", .string(state))) }
        let answer = Answer.json(.object(members))
        let stopped = state.map { pod.stopped(after: $0, of: container) } ?? pod.stopped
        let started = pod.containers.filter { state != "stop" && !stopped.contains($0) }
        let bay = bay
        return Order(
            command: state ?? "configure",
            key: ContainerKey(pod: pod.name, container: Self.stack),
            calls: state == nil
                ? [] : started.map { ContainerKey(pod: pod.name, container: $0) },
            isIdempotent: true, call: call,
            step: .write { (database) throws(Refusal) in
                try Self.requirePod(pod.name, database)
                try database.run(
                    """
                    UPDATE pods SET stopped = ?, configuration = coalesce(?, configuration) \
                    WHERE name = ?
                    """,
                    [
                        .text(stopped.sorted().joined(separator: ",")),
                        configuration.map { .text($0) } ?? .null, .text(pod.name),
                    ])
                return Change(answer: answer) {
                    bay.set(pod.name, stopped: stopped, configuration: configuration)
                }
            })
    }
}
