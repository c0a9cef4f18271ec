import CLinux
import EventLoops
import Foundation
import Glibc

/// A peer of raw sockets that does with each connection what a script says; loopback only.
///
/// Each connection has a thread; every wait of it ends within a minute, or with the server.
final class ScriptedServer: Sendable {
    /// What the server does next on a connection.
    enum Step: Sendable {
        /// Reads a whole request; the connection ends where the peer closes instead.
        case request
        /// Reads a request's head and no more.
        case head
        /// Writes bytes.
        case send([UInt8])
        /// Writes bytes below TLS.
        case sendBare([UInt8])
        /// Writes bytes one at a time, each in a segment of its own.
        case trickle([UInt8])
        /// Writes bytes again and again, until the peer closes.
        case flood([UInt8])
        /// Writes a byte now and then, until the peer closes.
        case drip
        /// Does the steps again and again, until the peer closes.
        case serve([Step])
        /// Reads whatever comes until the peer closes.
        case drain
        /// Reads so many bytes.
        case bytes(Int)
        /// Reads what has come and is not looked at yet.
        case rest
        /// Carries bytes to and from a port of this machine until one side closes.
        case tunnel(Int)
        /// Waits until `open` is called for this number.
        case gate(Int)
        /// Waits until the peer's system has what was written, so that the peer can read it.
        case received
        /// Says that no more comes, waits until the peer's system knows, and closes.
        case end
        /// Closes with a reset.
        case reset
        /// Closes without a word of TLS.
        case cut
        /// Takes new keys of TLS 1.3, and asks the peer to.
        case updateKeys
        /// Shakes hands anew, as TLS 1.2 can.
        case renegotiate
    }

    /// Where a server listens.
    enum Place: Sendable {
        case ipv4
        case ipv6
        case unix(String)
    }

    private struct State {
        var requests: [String] = []
        var received: [[UInt8]] = []
        var peers: [String] = []
        var opened = 0
        var closed = 0
        var descriptors: Set<Int32> = []
        var openGates: Set<Int> = []
        var reachedGates: Set<Int> = []
        var drips = 0
        var isStopped = false
    }

    /// The port, or 0 for a unix socket.
    let port: Int
    private let listener: Int32
    private let state = Locked(State())
    private let changed = NSCondition()
    private let scripts: [[Step]]
    private let manner: SecureStream.Manner?
    private let certificates: Certificates?

    /// The requests that were read whole, in the order that they came.
    var requests: [String] { state.withLock { $0.requests } }
    /// What `bytes` steps have read.
    var received: [[UInt8]] { state.withLock { $0.received } }
    /// The addresses that connections came from.
    var peers: [String] { state.withLock { $0.peers } }
    /// Connections so far.
    var opened: Int { state.withLock { $0.opened } }
    /// Connections that the server has closed.
    var closed: Int { state.withLock { $0.closed } }

    /// Bytes that `drip` steps have written.
    var drips: Int { state.withLock { $0.drips } }

    /// A server whose n-th connection follows the n-th script, and the last one from there on; with
    /// no script, one that accepts nothing.
    ///
    /// - Parameter secure: whether it speaks TLS, by `manner`.
    init(
        _ scripts: [Step]..., at place: Place = .ipv4, secure: Bool = false,
        manner: SecureStream.Manner = SecureStream.Manner()
    ) throws {
        self.scripts = scripts
        self.manner = secure ? manner : nil
        certificates = secure ? try Certificates.shared() : nil
        (listener, port) = try Listener.open(at: place, backlog: scripts.isEmpty ? 0 : 256)
        guard !scripts.isEmpty else { return }
        Thread.detachNewThread { [self] in accept() }
    }

    /// Ends every connection.
    func stop() {
        change { state in
            state.isStopped = true
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        // The thread that accepts closes it: its number must not become another socket's before.
        shutdown(listener, Int32(SHUT_RDWR))
        if scripts.isEmpty { close(listener) }
    }

    /// Lets a connection pass a gate.
    func open(gate number: Int) { change { _ = $0.openGates.insert(number) } }

    /// Whether a connection has come to a gate.
    func hasReached(gate number: Int) -> Bool {
        state.withLock { $0.reachedGates.contains(number) }
    }

    private func pass(_ number: Int) -> Bool {
        change { _ = $0.reachedGates.insert(number) }
        while !wait(until: {
            state.withLock { $0.openGates.contains(number) || $0.isStopped }
        }) {}
        return state.withLock { $0.openGates.contains(number) }
    }

    /// Keeps the caller until something holds of gates and of closed connections; false if it has
    /// not come within a minute.
    @discardableResult
    func wait(until isTrue: () -> Bool) -> Bool {
        let limit = Date(timeIntervalSinceNow: 60)
        changed.lock()
        defer { changed.unlock() }
        while !isTrue() {
            guard changed.wait(until: limit) else { return isTrue() }
        }
        return true
    }

    /// Changes what `wait` may wait for.
    private func change(_ body: (inout State) -> Void) {
        state.withLock(body)
        changed.lock()
        changed.broadcast()
        changed.unlock()
    }

    private func accept() {
        defer { close(listener) }
        while true {
            // Not for the children of other tests, which would keep it open beyond its close.
            let descriptor = accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            guard descriptor >= 0 else { return }
            let peer = Listener.peer(of: descriptor)
            let number: Int? = state.withLock { state in
                guard !state.isStopped else { return nil }
                state.opened += 1
                state.peers.append(peer)
                state.descriptors.insert(descriptor)
                return state.opened - 1
            }
            guard let number else {
                close(descriptor)
                return
            }
            let script = scripts[min(number, scripts.count - 1)]
            Thread.detachNewThread { [self] in converse(descriptor, script) }
        }
    }

    private func converse(_ descriptor: Int32, _ script: [Step]) {
        var stream = SocketStream(descriptor)
        if let manner, let certificates {
            stream.secure = SecureStream(descriptor, manner, certificates)
        }
        if manner == nil || stream.secure != nil {
            _ = follow(script, on: &stream)
            stream.secure?.close()
        }
        change { state in
            state.descriptors.remove(descriptor)
            // Closed under the lock, so that `stop` cannot reach a number that is in use again.
            close(descriptor)
            state.closed += 1
        }
    }

    /// False where the connection has come to its end.
    private func follow(_ script: [Step], on stream: inout SocketStream) -> Bool {
        for step in script {
            guard follow(step, on: &stream) else { return false }
        }
        return true
    }

    private func follow(_ step: Step, on stream: inout SocketStream) -> Bool {
        switch step {
        case .request:
            guard let request = stream.readRequest() else { return false }
            state.withLock { $0.requests.append(request) }
            return true
        case .head: return stream.readHead() != nil
        case .send(let bytes): return stream.write(bytes)
        case .sendBare(let bytes):
            return SocketStream(stream.descriptor).write(bytes)
        case .trickle(let bytes): return bytes.allSatisfy { stream.write([$0]) }
        case .flood(let bytes):
            while stream.write(bytes) {}
            return false
        case .drip:
            while !stream.waitForEnd(milliseconds: 20) {
                guard stream.write([UInt8(ascii: "x")]) else { return false }
                state.withLock { $0.drips += 1 }
            }
            return false
        case .serve(let steps):
            while follow(steps, on: &stream) {}
            return false
        case .drain:
            while stream.read() {}
            return false
        case .bytes(let count):
            guard let bytes = stream.read(count) else { return false }
            state.withLock { $0.received.append(bytes) }
            return true
        case .rest: return stream.dropRest()
        case .gate(let number): return pass(number)
        case .received: return stream.waitUntilReceived()
        case .end:
            _ = stream.end()
            stream.secure = nil
            return false
        case .tunnel(let port):
            stream.tunnel(to: port)
            return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                stream.descriptor, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout.size(ofValue: linger)))
            stream.secure = nil
            return false
        case .cut:
            stream.secure = nil
            return false
        case .updateKeys: return stream.secure?.updateKeys() == true
        case .renegotiate: return stream.secure?.renegotiate() == true
        }
    }
}

extension ScriptedServer.Step {
    /// Writes a text.
    static func send(_ text: String) -> Self { .send(Array(text.utf8)) }

    /// Answers every request of a connection alike.
    static func serve(_ answer: String) -> Self { .serve([.request, .send(answer)]) }
}
