import CLinux
import EventLoops
import Glibc
import Synchronization

/// What the loops of one server share.
final class ServerShared: Sendable {
    let mailboxes: [Mailbox]
    let listeners: [Listener]
    let heartbeats: Heartbeats
    let maximumConnectionsPerLoop: Int
    let refusedConnections = Atomic<Int>(0)
    private let next = Atomic<Int>(0)

    init(mailboxes: [Mailbox], listeners: [Listener], heartbeats: Heartbeats, most: Int) {
        self.mailboxes = mailboxes
        self.listeners = listeners
        self.heartbeats = heartbeats
        maximumConnectionsPerLoop = most / mailboxes.count
    }

    /// Connections go to the loops in turn.
    func nextLoop() -> Int {
        next.add(1, ordering: .relaxed).oldValue % mailboxes.count
    }
}

/// The node on its sockets: event loops, each with its share of the connections.
public final class Server: Sendable {
    private let node: Node
    private let loops: [EventLoop]
    private let shared: ServerShared
    /// The port that it listens on.
    public let port: Int
    /// The port of the admin listener, where there is one.
    public let adminPort: Int?

    private static let spareDescriptors = 256

    /// Serves a node on sockets that listen already.
    ///
    /// - Throws: `NodeError` where the system gives no thread or descriptor.
    public init(node: Node, listeners: [Listener], threads: Int) throws(NodeError) {
        self.node = node
        port = listeners.first { !$0.isAdmin }?.port ?? 0
        adminPort = listeners.first(where: \.isAdmin)?.port
        let descriptors = Descriptors.raiseLimit(to: 65_536)
        var mailboxes: [Mailbox] = []
        var loops: [EventLoop] = []
        for index in 0..<max(1, threads) {
            mailboxes.append(try Mailbox())
            do { loops.append(try EventLoop(name: "http-\(index)")) } catch {
                throw NodeError("no event loop: \(error)", hint: "end some processes")
            }
        }
        self.loops = loops
        shared = ServerShared(
            mailboxes: mailboxes, listeners: listeners,
            heartbeats: node.heartbeats, most: max(64, descriptors - Self.spareDescriptors))
        node.heartbeats.expect(loops: loops.count)
    }

    /// Serves until `drain`; the loops' threads have ended when it returns.
    ///
    /// - Throws: `SystemCallError` where a socket cannot be watched.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, eventLoop) in loops.enumerated() {
                let node = node
                let shared = shared
                group.addTask(executorPreference: eventLoop) {
                    try await ServerLoop(eventLoop, index: index, node: node, shared: shared)
                        .serve()
                }
            }
            try await group.waitForAll()
        }
        for loop in loops { loop.stop() }
    }

    /// Takes no new connection, ends the idle ones, and lets requests under way be answered;
    /// callable on any thread.
    public func drain() {
        for mailbox in shared.mailboxes { mailbox.post(.drain) }
    }
}
