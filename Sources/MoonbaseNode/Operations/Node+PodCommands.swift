import JSON

extension Node {
    /// A command on a pod: a job of the container that it is for.
    func podCommand(_ call: Call) throws(Refusal) -> Work {
        let pod = try bay.pod(call.path["id"] ?? "")
        let command = call.text("command") ?? ""
        let container =
            switch command {
            case "status": Self.stack
            case "addjson", "getjson": "ipfs"
            default: "libp2p"
            }
        if container != Self.stack { try Self.require(container, of: pod) }
        return .job(
            Order(
                command: command, key: ContainerKey(pod: pod.name, container: container),
                calls: pod.chain(from: container).map {
                    ContainerKey(pod: pod.name, container: $0)
                },
                isIdempotent: true, call: call,
                step: try step(of: command, on: pod, call)))
    }

    /// - Throws: `Refusal` 400 where the stack does not have it, 409 where it is stopped.
    static func require(_ container: String, of pod: Pod) throws(Refusal) {
        guard pod.has(container) else {
            throw Refusal(400, "the pod \(pod.name) has no \(container)")
        }
        guard !pod.stopped.contains(container) else {
            throw Refusal(409, "\(container) of the pod \(pod.name) is stopped")
        }
    }

    private func step(
        of command: String, on pod: Pod, _ call: Call
    ) throws(Refusal) -> Order.Step {
        switch command {
        case "addjson": return addJSON(call.argument("data") ?? .null, to: pod)
        case "getjson":
            let cid = call.argument("cid")?.string ?? ""
            return .read { (database) throws(Refusal) in try Self.getJSON(cid, pod.name, database) }
        case "dial", "dialprotocol":
            guard let other = bay.pod(at: call.argument("address")?.string ?? "") else {
                throw Refusal(400, "the address is none of this bay's")
            }
            if let name = call.argument("protocol")?.string {
                let known = other.running.flatMap { Pod.protocols[$0] ?? [] }
                guard known.contains(name) else {
                    throw Refusal(400, "the pod \(other.name) does not speak \(name)")
                }
            }
            try Self.require("libp2p", of: other)
            let bay = bay
            return .memory {
                bay.connect(pod.name, other.name)
                return .json(.strings([other.address]))
            }
        default:
            let name = pod.name
            return .memory { [self] () throws(Refusal) in
                let pod = try bay.pod(name)
                if command == "status" { return .json(stages(of: pod)) }
                return .json(
                    try Self.libp2p(command, of: pod, peer: call.argument("peerId")?.string))
            }
        }
    }

    /// What libp2p says of itself.
    static func libp2p(_ what: String, of pod: Pod, peer: String?) throws(Refusal) -> JSONValue {
        switch what {
        case "peerid": return .string(pod.peerID)
        case "multiaddrs", "address":
            return .strings(pod.stopped.contains("libp2p") ? [] : [pod.address])
        case "protocols": return .strings(pod.running.flatMap { Pod.protocols[$0] ?? [] })
        case "peers": return .strings(pod.connections.sorted().map(PeerID.text))
        default:
            let connections = pod.connections.sorted().map { ($0, PeerID.text(of: $0)) }
            return .array(
                connections.filter { peer == nil || $0.1 == peer }.map { name, id in
                    .object([
                        .init("peerId", .string(id)),
                        .init("remoteAddr", .string("/memory/\(name)/p2p/\(id)")),
                        .init("status", .string("open")),
                    ])
                })
        }
    }

    private func addJSON(_ data: JSONValue, to pod: Pod) -> Order.Step {
        let bytes = CanonicalJSON.bytes(of: data)
        let cid = ContentID.text(of: bytes, codec: .dagJSON)
        let text = String(decoding: bytes, as: UTF8.self)
        return .write { (database) throws(Refusal) in
            try Self.requirePod(pod.name, database)
            try database.run(
                "INSERT OR IGNORE INTO blocks (pod, cid, value) VALUES (?, ?, ?)",
                [.text(pod.name), .text(cid), .text(text)])
            return Change(answer: .json(.object([.init("cid", .string(cid))])))
        }
    }

    private static func getJSON(
        _ cid: String, _ pod: String, _ database: Database
    ) throws(Refusal) -> Answer {
        let rows = try database.run(
            "SELECT value FROM blocks WHERE pod = ? AND cid = ?", [.text(pod), .text(cid)])
        guard let row = rows.first else { throw Refusal(404, "there is no \(cid) on the pod") }
        return Answer(
            status: 200, contentType: "application/json", body: Array(row[0].text.utf8))
    }
}
