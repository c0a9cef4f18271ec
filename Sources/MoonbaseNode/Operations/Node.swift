import CUnsyncedFiles
public import Contracts
import EventLoops
import JSON

/// The reference node: the contract's operations over its model, its jobs and its storage.
public final class Node: Sendable {
    let router: Router
    let storage: Storage
    let logbooks: Logbooks
    let bay: PodBay
    let director: JobDirector
    let metrics: Metrics
    let cache: RecordCache
    let injector: Injector
    let pressure: Pressure
    /// When each event loop last came round.
    public let heartbeats: Heartbeats

    /// A node over a data folder.
    ///
    /// - Throws: `NodeError` where the folder or the database cannot be used.
    public init(_ settings: NodeSettings, contract: Contract) throws(NodeError) {
        let logbooks = Logbooks(sink: settings.log)
        let injector = try Injector(
            plan: settings.plan, contract: contract, clock: settings.clock,
            hasUnsyncedFiles: settings.vfs != nil)
        var storageSettings = Storage.Settings(folder: settings.folder, vfs: settings.vfs)
        storageSettings.lock = settings.lock
        storageSettings.clock = settings.clock
        storageSettings.hasGroupCommit = settings.hasGroupCommit
        storageSettings.fault = { injector.storageProblem() }
        let storage = try Storage(storageSettings) { level, message in
            logbooks.log(message, level: level, to: "system")
        }
        let loaded = try LoadedState(from: storage)
        let bay = PodBay(loaded.model)
        cache = RecordCache(clock: settings.clock)
        self.storage = storage
        self.logbooks = logbooks
        self.injector = injector
        self.bay = bay
        pressure = Pressure(clock: settings.clock)
        heartbeats = Heartbeats(clock: settings.clock)
        router = Router(contract)
        metrics = Metrics(operations: router.routes.map(\.operation.id))
        director = JobDirector(
            storage: storage, logbooks: logbooks, letters: loaded.letters
        ) { order in injector.effect(on: order.calls) }
        logbooks.log(
            storage.wasUnclean
                ? "the node has started after an unclean stop" : "the node has started",
            to: "system")
    }

    /// Ends the storage once all acknowledged writes are on disk.
    public func close() { storage.close() }

    /// Lets time pass for the jobs; called about a hundred times a second.
    public func tick() {
        director.tick()
        guard storage.settings.vfs != nil else { return }
        let disk = injector.disk
        let count = unsynced_files_behave(disk.delayNanoseconds, disk.syncsNothing ? 1 : 0)
        if count > 0 { injector.countSyncs(Int(count)) }
    }

    /// What answers a call.
    enum Work: Sendable {
        case now(Answer)
        case job(Order)
        case read(@Sendable (Database) throws(Refusal) -> Answer)
        case write(@Sendable (Database) throws(Refusal) -> Change, undo: @Sendable () -> Void)
    }

    func work(for call: Call) throws(Refusal) -> Work {
        switch call.operation {
        case "ping": .now(.pong)
        case "listCapabilities":
            .now(.json(.strings(["jobs", "deadletters", "health", "metrics"])))
        case "listLogbooks": .now(.json(.strings(logbooks.names)))
        case "readLogbook": .now(try readLogbook(call))
        case "readLogs": .now(.json(.array(logbooks.entries(most: call.items))))
        case "listPods", "createPod", "deletePod", "describePod", "setPodState":
            try podWork(call)
        case "commandPod": try podCommand(call)
        case "listDatabases", "openDatabase", "describeDatabase", "closeDatabase":
            try databaseWork(call)
        case "commandDatabase": try databaseCommand(call)
        case "listTopics", "subscribe", "publish": try pubsubWork(call)
        case "listFilesystems", "createFilesystem", "listFiles", "addFile": try fileWork(call)
        default: try jobWork(call)
        }
    }

    private func readLogbook(_ call: Call) throws(Refusal) -> Answer {
        let name = call.path["name"] ?? ""
        guard let entries = logbooks.entries(of: name, most: call.items) else {
            throw Refusal(404, "there is no logbook \(name)")
        }
        return .json(.array(entries))
    }

    /// A name that nobody chose.
    static func newName(_ kind: String) -> String {
        "\(kind)-\(String(UInt64.random(in: 1 << 60...UInt64.max), radix: 36))"
    }
}

extension Answer {
    /// The contract's one right answer to a ping.
    static let pong: Answer = {
        var answer = Answer.text("pong")
        answer.isPong = true
        return answer
    }()
}

extension JSONValue {
    /// An array of texts.
    static func strings(_ texts: some Sequence<String>) -> JSONValue {
        .array(texts.map { .string($0) })
    }
}
