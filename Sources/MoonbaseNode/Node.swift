public import Contracts
import JSON

/// The reference node: the contract's operations over its storage.
public final class Node: Sendable {
    let storage: Storage
    let logbooks = Logbooks()
    let metrics = Metrics()
    let router: Router

    /// A node over a data folder.
    ///
    /// - Throws: `NodeError` where the folder or the database cannot be used.
    public init(folder: String, contract: Contract) throws(NodeError) {
        storage = try Storage(folder: folder)
        router = Router(contract)
        logbooks.log("the node has started", to: "system")
    }

    /// Ends the storage once all acknowledged writes are on disk.
    public func close() { storage.close() }

    /// What answers a call: at once, or from the writer.
    enum Work: Sendable {
        case read(@Sendable () throws(Refusal) -> Answer)
        case write(@Sendable (Database) throws(Refusal) -> Answer)
    }

    static let processes = [
        "libp2p": ["libp2p"], "ipfs": ["libp2p", "ipfs"], "orbitdb": ["libp2p", "ipfs", "orbitdb"],
        "gossipsub": ["libp2p", "gossipsub"], "filesystem": ["libp2p", "ipfs", "filesystem"],
    ]

    func work(for call: Call) -> Work {
        switch call.operation {
        case "ping": .read { .text("pong") }
        case "listCapabilities":
            .read { .json(.array(["health", "metrics"].map { .string($0) })) }
        case "listLogbooks":
            .read { [logbooks] in .json(.array(logbooks.names.map { .string($0) })) }
        case "readLogbook":
            .read { [logbooks] () throws(Refusal) in
                let name = call.path["name"] ?? ""
                guard let entries = logbooks.entries(of: name, most: call.items) else {
                    throw Refusal(404, "there is no logbook \(name)")
                }
                return .json(.array(entries))
            }
        case "readLogs": .read { [logbooks] in .json(.array(logbooks.entries(most: call.items))) }
        case "listPods", "createPod", "deletePod", "describePod", "commandPod": podWork(call)
        case "listDatabases", "openDatabase", "describeDatabase", "commandDatabase",
            "closeDatabase":
            databaseWork(call)
        default:
            .read { () throws(Refusal) in
                throw Refusal(501, "this node does not have \(call.operation) yet")
            }
        }
    }

    /// Whether storage answers.
    var readiness: Answer {
        do {
            _ = try storage.read { (database) throws(Refusal) in try database.run("SELECT 1") }
            return .text("ready\n")
        } catch { return error.answer }
    }

    static func podID(_ name: String) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("type", .string("pod")),
            .init("podBay", .string("default")),
        ])
    }

    /// The process of a pod's stack.
    ///
    /// - Throws: `Refusal` 404 where there is no such pod.
    static func process(of pod: String, in database: Database) throws(Refusal) -> String {
        let rows = try database.run("SELECT process FROM pods WHERE name = ?", [pod])
        guard let row = rows.first else { throw Refusal(404, "there is no pod \(pod)") }
        return row[0]
    }

    /// A name that nobody chose.
    static func newName(_ kind: String) -> String {
        "\(kind)-\(String(UInt64.random(in: 1 << 60...UInt64.max), radix: 36))"
    }
}
