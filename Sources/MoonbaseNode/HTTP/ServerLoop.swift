import CLinux
import EventLoops
import Glibc
import Synchronization

/// One event loop of the server with its connections.
///
/// Confined to its loop's thread.
final class ServerLoop {
    private let eventLoop: EventLoop
    private let node: Node
    private let shared: ServerShared
    private let index: Int
    private let recorder: MetricsRecorder
    private var connections: [Connection?] = []
    private var freeSlots: [Int] = []
    private var generation: UInt32 = 0
    private var openCount = 0
    private var handlers: [DescriptorHandler] = []
    private var listening: [DescriptorHandler] = []
    private var timer: Int32 = -1
    private var wakes: [(at: UInt64, slot: Int, generation: UInt32)] = []
    private var nextSweep: UInt64 = 0
    private var drainDeadline = UInt64.max
    private var end: UnsafeContinuation<Void, Never>?
    private(set) var isDraining = false
    var encoder = AnswerEncoder()
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    private static let sweepNanoseconds: UInt64 = 200_000_000
    /// Above the deadline of a job, so that none is cut off.
    private static let drainNanoseconds: UInt64 = 7_500_000_000
    /// Connections taken in a turn, so that those that are there are served between.
    private static let acceptsPerTurn = 256

    init(_ eventLoop: EventLoop, index: Int, node: Node, shared: ServerShared) {
        self.eventLoop = eventLoop
        self.index = index
        self.node = node
        self.shared = shared
        recorder = node.metrics.recorder(ofLoop: index)
    }

    deinit { readBuffer.deallocate() }

    /// The loop's.
    var clock: MonotonicClock { eventLoop.clock }

    /// Monotonic nanoseconds.
    var now: UInt64 { eventLoop.nowNanoseconds }

    /// Serves until the server is drained; a task of this loop.
    func serve() async throws {
        timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
        try watch(shared.mailboxes[index].descriptor) { [unowned self] in takeMessages() }
        try watch(timer) { [unowned self] in tick() }
        if index == 0 {
            for listener in shared.listeners {
                try watch(listener.descriptor) { [unowned self] in accept(listener) }
                handlers.popLast().map { listening.append($0) }
            }
        }
        tick()
        await withUnsafeContinuation { end = $0 }
        for handler in handlers { eventLoop.forget(handler.descriptor) }
        Glibc.close(timer)
    }

    private func watch(_ descriptor: Int32, _ body: @escaping () -> Void) throws {
        let handler = DescriptorHandler(descriptor, body)
        handlers.append(handler)
        try eventLoop.watch(descriptor, handler: handler)
    }

    // MARK: Connections

    private func accept(_ listener: Listener) {
        for _ in 0..<Self.acceptsPerTurn where !isDraining {
            let result = systemCall {
                Int(
                    accept4(
                        listener.descriptor, nil, nil,
                        Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)))
            }
            // No descriptor left is tried again at the next sweep.
            guard case .value(let descriptor) = result else { return }
            let place = shared.nextLoop()
            let message = Mailbox.Message.connection(Int32(descriptor), isAdmin: listener.isAdmin)
            if place == index { take(message) } else { shared.mailboxes[place].post(message) }
        }
        // There may be more; an edge-triggered descriptor does not say so again.
        if !isDraining { shared.mailboxes[index].post(.accept) }
    }

    private func takeMessages() {
        for message in shared.mailboxes[index].take() { take(message) }
    }

    private func take(_ message: Mailbox.Message) {
        switch message {
        case .connection(let descriptor, let isAdmin): add(descriptor, isAdmin: isAdmin)
        case .answer(let slot, let generation, let answer):
            guard let connection = connections[slot], connection.generation == generation else {
                return
            }
            finish(connection, with: answer)
        case .accept: for listener in shared.listeners { accept(listener) }
        case .drain: drain()
        }
    }

    private func add(_ descriptor: Int32, isAdmin: Bool) {
        guard openCount < shared.maximumConnectionsPerLoop, !isDraining else {
            Glibc.close(descriptor)
            shared.refusedConnections.add(1, ordering: .relaxed)
            return
        }
        var one: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        generation &+= 1
        let slot = freeSlots.popLast() ?? connections.endIndex
        let connection = Connection(
            descriptor, slot: slot, generation: generation, isAdmin: isAdmin, owner: self)
        if slot == connections.endIndex {
            connections.append(connection)
        } else {
            connections[slot] = connection
        }
        do { try eventLoop.watch(descriptor, handler: connection) } catch {
            connections[slot] = nil
            freeSlots.append(slot)
            Glibc.close(descriptor)
            return
        }
        openCount += 1
        recorder.connections(openCount)
    }

    func remove(_ connection: Connection) {
        eventLoop.forget(connection.descriptor)
        connections[connection.slot] = nil
        freeSlots.append(connection.slot)
        openCount -= 1
        recorder.connections(openCount)
        if isDraining { endWhereEmpty() }
    }

    // MARK: Requests

    /// The answer, or nothing where it comes later.
    func serve(_ request: Request, on connection: Connection) -> Answer? {
        let responder = Responder(
            mailbox: shared.mailboxes[index], slot: connection.slot,
            generation: connection.generation)
        let served = node.serve(request, isAdmin: connection.isAdmin, responder)
        connection.route = served.route
        connection.injection = served.injection
        guard let answer = served.answer else { return nil }
        return connection.injection.map { node.injector.apply($0, to: answer) } ?? answer
    }

    private func finish(_ connection: Connection, with answer: Answer) {
        guard let injection = connection.injection else { return connection.finish(answer) }
        connection.injection = nil
        connection.finish(node.injector.apply(injection, to: answer))
    }

    func record(_ route: Int, status: Int, since start: UInt64) {
        recorder.record(route, status: status, nanoseconds: now - min(now, start))
    }

    // MARK: Time

    /// Has `awake` called at a time.
    func wake(_ connection: Connection, at time: UInt64) {
        let entry = (time, connection.slot, connection.generation)
        let place = wakes.firstIndex { $0.at > time } ?? wakes.endIndex
        wakes.insert(entry, at: place)
        setTimer()
    }

    private func setTimer() {
        let next = min(nextSweep, wakes.first?.at ?? .max)
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(next / 1_000_000_000)
        setting.it_value.tv_nsec = Int(next % 1_000_000_000)
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    private func tick() {
        var count: UInt64 = 0
        _ = read(timer, &count, 8)
        let now = now
        while let first = wakes.first, first.at <= now {
            wakes.removeFirst()
            if let connection = connections[first.slot], connection.generation == first.generation {
                connection.awake()
            }
        }
        if nextSweep <= now {
            nextSweep = now + Self.sweepNanoseconds
            encoder.keepDate()
            shared.heartbeats.beat(index)
            for connection in connections {
                if let connection, connection.deadline <= now { connection.expire() }
            }
            if index == 0, !isDraining { for listener in shared.listeners { accept(listener) } }
        }
        if isDraining, drainDeadline <= now {
            for connection in connections { connection?.close() }
        }
        setTimer()
    }

    // MARK: The end

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        drainDeadline = now + Self.drainNanoseconds
        for handler in listening {
            eventLoop.forget(handler.descriptor)
            Glibc.close(handler.descriptor)
        }
        for connection in connections {
            if let connection, connection.isIdle { connection.close() }
        }
        endWhereEmpty()
    }

    private func endWhereEmpty() {
        guard openCount == 0 else { return }
        end?.resume()
        end = nil
    }
}

/// Calls a closure when its descriptor is readable.
private final class DescriptorHandler: EventHandler {
    let descriptor: Int32
    private let body: () -> Void

    init(_ descriptor: Int32, _ body: @escaping () -> Void) {
        self.descriptor = descriptor
        self.body = body
    }

    func handle(_ readiness: Readiness) { body() }
}
