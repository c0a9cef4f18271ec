import EventLoops
import Glibc

/// One connection through a proxy: a client's, and the one to the target.
final class ProxyLink: EventHandler, TimerHandler {
    private let client: Int32
    private var target: Int32
    private unowned let proxy: FaultProxy
    private let toTarget = ProxyPipe()
    private let fromTarget = ProxyPipe()
    private var isClosed = false
    private var timer: UInt64?

    /// Whether bytes of it are lost, or its target.
    private(set) var isBroken = false

    /// So much is moved each way before other connections have their turn.
    private static let roundsPerTurn = 16

    init(client: Int32, target: Int32, proxy: FaultProxy) {
        self.client = client
        self.target = target
        self.proxy = proxy
        var one: Int32 = 1
        for end in [client, target] {
            setsockopt(
                end, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    func start() {
        do throws(SystemCallError) {
            for end in [client, target] { try proxy.loop.watch(end, handler: self) }
            pump()
        } catch { reset() }
    }

    func handle(_ readiness: Readiness) { pump() }

    func timerFired(at now: UInt64) {
        guard let due = timer, due <= now else { return }
        timer = nil
        pump()
    }

    /// Moves what can be moved now.
    func pump() {
        // A timer may still come after the end, and the proxy's.
        guard !isClosed else { return }
        var rounds = 0
        var isMoving = true
        while isMoving, rounds < Self.roundsPerTurn {
            rounds += 1
            isMoving = false
            let conduct = proxy.conduct
            for (pipe, isAnswer) in [(toTarget, false), (fromTarget, true)] {
                guard !isClosed else { return }
                let (source, sink) = isAnswer ? (target, client) : (client, target)
                switch pipe.move(
                    from: source, to: sink, isAnswer: isAnswer, conduct, proxy)
                {
                case .nothing: break
                case .moved: isMoving = true
                case .swallowed:
                    isBroken = true
                    isMoving = true
                case .broken: return reset()
                case .cut: return close()
                }
            }
        }
        guard !isClosed else { return }
        if toTarget.isDone, fromTarget.isDone { return close() }
        let next =
            isMoving
            ? proxy.loop.nowNanoseconds
            : [toTarget.nextNanoseconds, fromTarget.nextNanoseconds].compactMap { $0 }.min()
        if let next, timer.map({ next < $0 }) ?? true {
            timer = next
            proxy.loop.call(self, at: next)
        }
    }

    /// The target's end is closed; the client's stays, and nobody answers.
    func leaveHalfOpen() {
        guard !isClosed, target >= 0 else { return }
        proxy.loop.forget(target)
        Glibc.close(target)
        target = -1
        isBroken = true
        proxy.counters.halfOpen += 1
    }

    /// Ends it so that both sides see a reset.
    func reset() {
        guard !isClosed else { return }
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        for end in [client, target] where end >= 0 {
            setsockopt(
                end, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout<Glibc.linger>.size))
        }
        proxy.counters.resets += 1
        close()
    }

    private func close() {
        isClosed = true
        for end in [client, target] where end >= 0 {
            proxy.loop.forget(end)
            Glibc.close(end)
        }
        proxy.remove(self)
    }
}
