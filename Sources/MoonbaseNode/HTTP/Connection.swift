import CLinux
import EventLoops
import Glibc

/// One connection: reads a request, has it answered, and only then reads the next.
///
/// Confined to its loop.
final class Connection: EventHandler {
    enum State {
        /// Waits for a request or for the rest of one.
        case reading
        /// A request is being served; nothing is read meanwhile.
        case busy
        /// The answer waits for its injected delay.
        case delayed
        /// The socket takes no more for now.
        case writing
        /// Everything is said; what still comes is thrown away, so that the answer is not lost.
        case lingering
        case closed
    }

    let descriptor: Int32
    let slot: Int
    let generation: UInt32
    let isAdmin: Bool
    unowned let owner: ServerLoop
    private let parser: RequestParser
    var state = State.reading
    /// When the present state has lasted too long, in monotonic nanoseconds.
    var deadline: UInt64
    /// Bytes that have come and are not consumed.
    private var input: [UInt8] = []
    var output: [UInt8] = []
    var sent = 0
    private var mayRead = true
    private var isReading = false
    private var hasContinued = false
    /// The request under way.
    var route = Metrics.otherRoute
    var injection: Injection?
    var isHeadRequest = false
    var closesAfter = false
    var startNanoseconds: UInt64 = 0
    var held: Answer?
    var dripBytesPerSecond = 0

    private static let idleNanoseconds: UInt64 = 60_000_000_000
    /// From the first byte of a request to its last.
    private static let requestNanoseconds: UInt64 = 15_000_000_000
    private static let writeNanoseconds: UInt64 = 30_000_000_000
    private static let lingerNanoseconds: UInt64 = 1_000_000_000

    init(_ descriptor: Int32, slot: Int, generation: UInt32, isAdmin: Bool, owner: ServerLoop) {
        self.descriptor = descriptor
        self.slot = slot
        self.generation = generation
        self.isAdmin = isAdmin
        self.owner = owner
        parser = RequestParser(clock: owner.clock)
        deadline = owner.now + Self.idleNanoseconds
    }

    func handle(_ readiness: Readiness) {
        if readiness.isReadable { mayRead = true }
        if readiness.isWritable, state == .writing, dripBytesPerSecond == 0 { flush() }
        advance()
    }

    /// Whether it waits for a request of which nothing has come.
    var isIdle: Bool { state == .reading && input.isEmpty && !parser.isInBody }

    // MARK: Reading

    /// Reads and serves until the socket has no more, or a request is under way.
    func advance() {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while state == .reading || state == .lingering {
            if state == .reading, !input.isEmpty, consumeInput() { continue }
            guard state == .reading || state == .lingering, mayRead else { return }
            let buffer = owner.readBuffer
            switch systemCall({ recv(descriptor, buffer.baseAddress, buffer.count, 0) }) {
            case .value(0), .failed: return close()
            case .wouldBlock: mayRead = false
            case .value(let count):
                guard state == .reading else { continue }
                take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                // Less than asked for: the socket is empty, and a new edge will say otherwise.
                if count < buffer.count { mayRead = false }
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if isIdle { deadline = owner.now + Self.requestNanoseconds }
        guard input.isEmpty else { return input.append(contentsOf: bytes) }
        let consumed = consume(bytes)
        if consumed < bytes.count, state != .closed, state != .lingering {
            input.append(contentsOf: bytes[consumed...])
        }
    }

    /// False where the input has to grow first.
    private func consumeInput() -> Bool {
        var bytes: [UInt8] = []
        swap(&bytes, &input)
        let consumed = bytes.withUnsafeBytes { consume($0) }
        guard state != .closed, state != .lingering else { return true }
        if consumed < bytes.count {
            bytes.removeFirst(consumed)
            input = bytes
        }
        return consumed > 0
    }

    /// Serves the requests in these bytes, up to one that is not answered at once.
    private func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        while state == .reading, offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let (progress, consumed) = parser.feed(rest)
            offset += consumed
            switch progress {
            case .incomplete:
                askForBody(isAnyLeft: offset < bytes.count)
                if consumed == 0 { return offset }
            case .complete:
                hasContinued = false
                serve()
            case .refused(let refusal):
                begin(nil)
                var answer = refusal.answer
                answer.closes = true
                finish(answer)
                return bytes.count
            }
        }
        return offset
    }

    /// Tells a sender that waits for it to go on with its body.
    private func askForBody(isAnyLeft: Bool) {
        guard parser.isInBody, parser.request.expectsContinue, !hasContinued, !isAnyLeft else {
            return
        }
        hasContinued = true
        output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
        write()
        if sent == output.count { clearOutput() }
    }

    // MARK: Serving

    private func begin(_ request: Request?) {
        route = Metrics.otherRoute
        isHeadRequest = request?.method == "HEAD"
        closesAfter = request?.keepsAlive != true || owner.isDraining
        startNanoseconds = request?.startNanoseconds ?? owner.now
    }

    private func serve() {
        begin(parser.request)
        state = .busy
        if let answer = owner.serve(parser.request, on: self) { finish(answer) }
    }

    /// The answer to the request under way.
    func finish(_ answer: Answer) {
        guard state == .busy || state == .reading else { return }
        if !answer.delivery.isPlain { return deliver(answer) }
        send(answer)
        advance()
    }

    private func send(_ answer: Answer) {
        owner.record(route, status: answer.status, since: startNanoseconds)
        closesAfter = closesAfter || answer.closes
        if answer.isPong, !closesAfter, !isHeadRequest {
            owner.encoder.encodePong(into: &output)
        } else {
            owner.encoder.encode(
                answer, isHead: isHeadRequest, closes: closesAfter, into: &output)
        }
        state = .writing
        deadline = owner.now + Self.writeNanoseconds
        flush()
    }

    // MARK: Writing

    func write(most: Int = .max) {
        while sent < output.count {
            let count = min(most, output.count - sent)
            let result = output.withUnsafeBytes { bytes in
                systemCall {
                    Glibc.send(
                        descriptor, bytes.baseAddress.map { $0 + sent }, count,
                        Int32(MSG_NOSIGNAL))
                }
            }
            switch result {
            case .value(let count):
                sent += count
                if most != .max { return }
            case .wouldBlock: return
            case .failed: return close()
            }
        }
    }

    private func flush() {
        write()
        if state == .writing, sent == output.count { endAnswer() }
    }

    private func clearOutput() {
        sent = 0
        output.removeAll(keepingCapacity: output.capacity <= 4096)
    }

    func endAnswer() {
        clearOutput()
        if closesAfter {
            shutdown(descriptor, Int32(SHUT_WR))
            state = .lingering
            deadline = owner.now + Self.lingerNanoseconds
            input = []
        } else {
            state = .reading
            let isNextUnderWay = !input.isEmpty
            deadline =
                owner.now + (isNextUnderWay ? Self.requestNanoseconds : Self.idleNanoseconds)
        }
    }

    // MARK: The end

    /// The state's time is over.
    func expire() {
        switch state {
        case .reading where !isIdle:
            begin(nil)
            var answer = Refusal(408, "the request did not come in time").answer
            answer.closes = true
            finish(answer)
        case .reading, .writing, .lingering: close()
        case .busy, .delayed: deadline = .max
        case .closed: break
        }
    }

    func close() {
        guard state != .closed else { return }
        state = .closed
        owner.remove(self)
        Glibc.close(descriptor)
    }
}
