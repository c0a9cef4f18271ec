import Contracts
import EventLoops
import Glibc
import MoonbaseNode

/// The process that serves.
struct Worker {
    let configuration: NodeConfiguration

    /// How often time passes for jobs, in nanoseconds.
    private static let tickNanoseconds: UInt64 = 10_000_000
    private static let ticksPerMeasurement = 100
    private static let ticksPerHeartbeat = 10
    /// No heartbeat goes out while a loop has not come round for so long.
    private static let hungNanoseconds: UInt64 = 400_000_000

    init(_ configuration: NodeConfiguration) { self.configuration = configuration }

    /// Serves until SIGTERM or SIGINT.
    func run() async throws {
        Signals.takeOver()
        let folder = try DataFolder(configuration.data, lock: Supervisor.inheritedLock)
        defer { folder.end() }
        var settings = NodeSettings(folder: folder.path)
        settings.lock = folder.lock
        settings.hasGroupCommit = configuration.hasGroupCommit
        settings.vfs = configuration.vfs == "system" ? nil : configuration.vfs
        settings.log = Log(least: configuration.logLevel).sink
        if let file = configuration.inject {
            settings.plan = try InjectionPlan(parsing: try String(settingsFile: file), file: file)
        }
        let node = try Node(settings, contract: try Contract(builtIn: "moonbase-v0"))
        node.limitMemory(toBytes: configuration.memoryBytes)
        defer { node.close() }
        try await serve(node)
    }

    private func serve(_ node: Node) async throws {
        let server = try Server(
            node: node, listeners: try listeners(), threads: configuration.threads)
        let clock = try EventLoop(name: "clock")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: clock) {
                await keepTime(on: clock, node: node, server: server)
            }
            announce(server)
            try await server.run()
            Signals.stop()
            try await group.waitForAll()
        }
        clock.stop()
    }

    private func listeners() throws -> [Listener] {
        if let first = Supervisor.inheritedListener {
            return try [Listener(descriptor: first)]
                + (Supervisor.inheritedAdmin.map { [try Listener(descriptor: $0, isAdmin: true)] }
                    ?? [])
        }
        var listeners = [try Listener(host: configuration.host, port: configuration.port)]
        if let port = configuration.adminPort {
            listeners.append(try Listener(host: "127.0.0.1", port: port, isAdmin: true))
        }
        return listeners
    }

    private func announce(_ server: Server) {
        if Supervisor.inheritedListener == nil {
            print("moonbase listens on http://\(configuration.host):\(server.port)")
            if let port = server.adminPort { print("admin port: http://127.0.0.1:\(port)") }
            fflush(nil)
            ServiceNotification.send("READY=1")
        }
        Supervisor.beat(UInt8(ascii: "R"))
    }

    /// Ticks, measures and beats until a signal comes; then the server is drained.
    private func keepTime(on clock: EventLoop, node: Node, server: Server) async {
        var tick = 0
        while !Signals.isStopped {
            await clock.sleep(until: clock.nowNanoseconds + Self.tickNanoseconds)
            node.tick()
            tick += 1
            if tick % Self.ticksPerMeasurement == 0 { node.measure() }
            if tick % Self.ticksPerHeartbeat == 0,
                node.heartbeats.ageNanoseconds < Self.hungNanoseconds
            {
                Supervisor.beat(UInt8(ascii: "."))
                if Supervisor.inheritedListener == nil { ServiceNotification.send("WATCHDOG=1") }
            }
        }
        server.drain()
        // Jobs go on until the last connection has its answer.
        while !Signals.isDone {
            await clock.sleep(until: clock.nowNanoseconds + Self.tickNanoseconds)
            node.tick()
        }
    }
}
