import JSON

extension Node {
    func fileWork(_ call: Call) throws(Refusal) -> Work {
        let name = call.path["id"] ?? ""
        switch call.operation {
        case "listFilesystems":
            return .now(
                .json(
                    .object([
                        .init("filesystems", .strings(bay.snapshot.filesystems.keys.sorted()))
                    ])))
        case "createFilesystem": return .job(try createFilesystem(call))
        case "listFiles":
            _ = try bay.filesystem(name)
            return .read { (database) throws(Refusal) in try Self.listFiles(name, database) }
        default: return .job(try addFile(call, to: name))
        }
    }

    private static let container = "filesystem"

    private func order(
        _ call: Call, on pod: Pod, isIdempotent: Bool, _ step: Order.Step
    ) throws(Refusal) -> Order {
        try Self.require(Self.container, of: pod)
        return Order(
            command: call.operation, key: ContainerKey(pod: pod.name, container: Self.container),
            calls: pod.chain(from: Self.container).map {
                ContainerKey(pod: pod.name, container: $0)
            },
            isIdempotent: isIdempotent, call: call, step: step)
    }

    private func createFilesystem(_ call: Call) throws(Refusal) -> Order {
        let pod = try bay.pod(call.text("podId") ?? "")
        let name = call.text("filesystemName") ?? ""
        let answer = Answer.json(
            .object([
                .init("ipfsFilesystemName", .string(name)),
                .init("dirCid", .string(ContentID.text(of: .object([])))),
            ]))
        let bay = bay
        return try order(
            call, on: pod, isIdempotent: false,
            .write { (database) throws(Refusal) in
                try Self.requirePod(pod.name, database)
                try database.run(
                    "INSERT OR IGNORE INTO filesystems (name, pod) VALUES (?, ?)",
                    [.text(name), .text(pod.name)])
                guard database.changes == 1 else {
                    throw Refusal(409, "there is a filesystem \(name)")
                }
                return Change(answer: answer) { bay.created(filesystem: name, on: pod.name) }
            })
    }

    private func addFile(_ call: Call, to name: String) throws(Refusal) -> Order {
        let pod = try bay.pod(try bay.filesystem(name))
        let path = try FilePath.normal(call.text("path") ?? "")
        let data = call.text("data") ?? ""
        let cid = ContentID.text(of: data.utf8, codec: .raw)
        return try order(
            call, on: pod, isIdempotent: true,
            .write { (database) throws(Refusal) in
                let exists = try database.run(
                    "SELECT 1 FROM filesystems WHERE name = ?", [.text(name)])
                if exists.isEmpty { throw Refusal(404, "there is no filesystem \(name)") }
                try Self.checkPlace(of: path, in: name, database)
                try database.run(
                    """
                    INSERT OR REPLACE INTO files (filesystem, path, cid, size, data) \
                    VALUES (?, ?, ?, ?, ?)
                    """,
                    [
                        .text(name), .text(path), .text(cid), .integer(Int64(data.utf8.count)),
                        .text(data),
                    ])
                return Change(answer: .json(.object([.init("cid", .string(cid))])))
            })
    }

    /// - Throws: `Refusal` 400 where the path is a folder's, or goes through a file.
    private static func checkPlace(
        of path: String, in name: String, _ database: Database
    ) throws(Refusal) {
        // Everything below the folder sorts between "path/" and "path0".
        let below = try database.run(
            "SELECT 1 FROM files WHERE filesystem = ? AND path > ? AND path < ? LIMIT 1",
            [.text(name), .text(path + "/"), .text(path + "0")])
        if !below.isEmpty { throw Refusal(400, "the path names a folder") }
        for parent in FilePath.parents(of: path) {
            let rows = try database.run(
                "SELECT 1 FROM files WHERE filesystem = ? AND path = ?",
                [.text(name), .text(parent)])
            if !rows.isEmpty { throw Refusal(400, "\(parent) is a file") }
        }
    }

    private static func listFiles(
        _ name: String, _ database: Database
    ) throws(Refusal) -> Answer {
        let rows = try database.run(
            "SELECT path, cid, size FROM files WHERE filesystem = ? ORDER BY path", [.text(name)])
        let files = rows.map { row -> JSONValue in
            .object([
                .init("type", .string("raw")),
                .init("name", .string(FilePath.name(of: row[0].text))),
                .init("path", .string(row[0].text)), .init("cid", .string(row[1].text)),
                .init("size", .string(String(row[2].integer))),
            ])
        }
        return .json(.object([.init("files", .array(files))]))
    }
}
