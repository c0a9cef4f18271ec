import CMicroHTTPD
import Contracts
import Glibc
import JSON

/// The node on a socket: libmicrohttpd with epoll and a pool of threads.
public final class Server: @unchecked Sendable {
    // Sendable: `daemon` is set once in `init`; libmicrohttpd's calls on it are thread-safe.
    private let node: Node
    private var daemon: OpaquePointer?
    private let inFlight = Locked(0)
    private let pong: OpaquePointer?

    private static let mostConnections: UInt32 = 20_000
    private static let idleSeconds: UInt32 = 60
    /// The contract's bound of 16 KiB on a head, with room for libmicrohttpd's own notes on it.
    private static let memoryPerConnection = 32 << 10
    private static let backlog: UInt32 = 4096
    private static let drainSeconds = 7.0

    /// Listens on an IPv4 address.
    ///
    /// - Throws: `NodeError` where the address or the port cannot be used.
    public init(node: Node, host: String, port: Int, threads: Int) throws(NodeError) {
        self.node = node
        let text = Array("pong".utf8)
        pong = text.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                moonbase_copy)
        }
        MHD_add_response_header(pong, "Content-Type", "text/plain")
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw NodeError("\"\(host)\" is no IPv4 address", hint: "use --host 127.0.0.1")
        }
        raiseDescriptorLimit()
        let context = Unmanaged.passUnretained(self).toOpaque()
        daemon = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var options = moonbase_daemon_options()
                options.address = address
                // A pool of one is no pool to libmicrohttpd, which wants at least two.
                options.threads = UInt32(max(2, threads))
                options.connection_limit = Self.mostConnections
                options.idle_seconds = Self.idleSeconds
                options.memory_per_connection = Self.memoryPerConnection
                options.backlog = Self.backlog
                options.context = context
                options.handler = { context, connection, url, method, _, data, size, state in
                    guard let context, let connection, let url, let method, let size, let state
                    else {
                        return moonbase_no
                    }
                    let server = Unmanaged<Server>.fromOpaque(context).takeUnretainedValue()
                    return server.handle(
                        connection, url: url, method: method, data: data, size: size, state: state)
                }
                options.completed = { context, _, state, _ in
                    guard let context, let held = state?.pointee else { return }
                    Unmanaged<RequestState>.fromOpaque(held).release()
                    state?.pointee = nil
                    Unmanaged<Server>.fromOpaque(context).takeUnretainedValue().inFlight.withLock {
                        $0 -= 1
                    }
                }
                return moonbase_start_daemon(&options)
            }
        }
        guard daemon != nil else {
            throw NodeError(
                "cannot listen on \(host):\(port): \(String(cString: strerror(errno)))",
                hint: "end what listens there, or choose another with --port (0 picks one)")
        }
    }

    /// The port that it listens on.
    public var port: Int { Int(moonbase_port(daemon)) }

    /// Takes no new connection, lets requests under way end, and closes.
    public func drain() {
        let listener = MHD_quiesce_daemon(daemon)
        var left = Self.drainSeconds
        while left > 0, inFlight.withLock({ $0 }) > 0 {
            usleep(5000)
            left -= 0.005
        }
        MHD_stop_daemon(daemon)
        if listener >= 0 { Glibc.close(listener) }
    }

    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    // MARK: libmicrohttpd's threads

    private func handle(
        _ connection: OpaquePointer, url: UnsafePointer<CChar>, method: UnsafePointer<CChar>,
        data: UnsafePointer<CChar>?, size: UnsafeMutablePointer<Int>,
        state: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> MHD_Result {
        guard let held = state.pointee else {
            inFlight.withLock { $0 += 1 }
            state.pointee = Unmanaged.passRetained(RequestState()).toOpaque()
            return moonbase_yes
        }
        let request = Unmanaged<RequestState>.fromOpaque(held).takeUnretainedValue()
        if size.pointee > 0 {
            request.take(UnsafeRawBufferPointer(start: data, count: size.pointee))
            size.pointee = 0
            return moonbase_yes
        }
        if let answer = request.answer.withLock({ $0 }) { return send(answer, connection, request) }
        return begin(connection, String(cString: url), String(cString: method), request)
    }

    private func begin(
        _ connection: OpaquePointer, _ path: String, _ method: String, _ request: RequestState
    ) -> MHD_Result {
        do {
            if let answer = try outside(path, method, request) {
                return send(answer, connection, request)
            }
            let call: Call
            switch node.router.match(method, path) {
            case .unknown: throw Refusal(404, "there is no \(path)")
            case .otherMethods(let methods):
                var answer = Refusal(405, "\(path) takes \(methods.joined(separator: ", "))").answer
                answer.allow = methods.joined(separator: ", ")
                return send(answer, connection, request)
            case .operation(let operation, let parameters):
                request.operation = operation.id
                if operation.id == "ping" { return sendPong(connection, request) }
                call = try Call(
                    operation, path: parameters, query: query(connection, operation),
                    body: try body(of: request, operation, connection))
            }
            switch node.work(for: call) {
            case .read(let body): return send(try body(), connection, request)
            case .write(let body): return suspend(connection, request, body)
            }
        } catch let refusal as Refusal {
            return send(refusal.answer, connection, request)
        } catch {
            return send(Refusal(500, "\(error)").answer, connection, request)
        }
    }

    /// Paths beside the API; absent for any other.
    private func outside(
        _ path: String, _ method: String, _ request: RequestState
    ) throws(Refusal) -> Answer? {
        guard ["/healthz", "/readyz", "/metrics"].contains(path) else { return nil }
        request.operation = String(path.dropFirst())
        guard method == "GET" || method == "HEAD" else {
            var answer = Refusal(405, "\(path) takes GET, HEAD").answer
            answer.allow = "GET, HEAD"
            return answer
        }
        return switch path {
        case "/healthz": .text("ok\n")
        case "/readyz": node.readiness
        default:
            Answer(
                status: 200, contentType: "text/plain; version=0.0.4",
                body: Array(node.metrics.text(waitingWrites: node.storage.waiting).utf8))
        }
    }

    private func body(
        of request: RequestState, _ operation: Operation, _ connection: OpaquePointer
    ) throws(Refusal) -> JSONValue? {
        guard !request.isTooLarge else { throw Refusal(413, "the body is above 1 MiB") }
        guard operation.bodySchema != nil else { return nil }
        if let type = MHD_lookup_connection_value(connection, moonbase_header, "Content-Type") {
            let name = String(cString: type).prefix { $0 != ";" && $0 != " " }.lowercased()
            guard name == "application/json" else {
                throw Refusal(415, "the body is \(name), and only application/json is taken")
            }
        }
        do { return try JSONValue(parsing: request.body, maximumDepth: 64) } catch {
            throw Refusal(400, "the body is not JSON: \(error)")
        }
    }

    private func query(_ connection: OpaquePointer, _ operation: Operation) -> [String: String] {
        var values: [String: String] = [:]
        for parameter in operation.parameters where parameter.location == "query" {
            if let value = MHD_lookup_connection_value(
                connection, moonbase_argument, parameter.name)
            {
                values[parameter.name] = String(cString: value)
            }
        }
        return values
    }

    /// Hands a change to the writer; the connection sleeps until its answer is on disk.
    private func suspend(
        _ connection: OpaquePointer, _ request: RequestState,
        _ body: @escaping @Sendable (Database) throws(Refusal) -> Answer
    ) -> MHD_Result {
        MHD_suspend_connection(connection)
        let answer = request.answer
        let place = UInt(bitPattern: connection)
        let isTaken = node.storage.submit(
            Storage.Write(body: body) { result in
                answer.withLock { $0 = result }
                MHD_resume_connection(OpaquePointer(bitPattern: place))
            })
        if !isTaken {
            answer.withLock { $0 = Refusal(503, "too many writes are waiting").answer }
            MHD_resume_connection(connection)
        }
        return moonbase_yes
    }

    private func sendPong(_ connection: OpaquePointer, _ request: RequestState) -> MHD_Result {
        node.metrics.record("ping", status: 200, seconds: request.seconds)
        return MHD_queue_response(connection, 200, pong)
    }

    private func send(
        _ answer: Answer, _ connection: OpaquePointer, _ request: RequestState
    ) -> MHD_Result {
        let response = answer.body.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                moonbase_copy)
        }
        guard let response else { return moonbase_no }
        defer { MHD_destroy_response(response) }
        MHD_add_response_header(response, "Content-Type", answer.contentType)
        if let allow = answer.allow { MHD_add_response_header(response, "Allow", allow) }
        if let seconds = answer.retryAfterSeconds {
            MHD_add_response_header(response, "Retry-After", String(seconds))
        }
        node.metrics.record(request.operation, status: answer.status, seconds: request.seconds)
        return MHD_queue_response(connection, UInt32(answer.status), response)
    }
}
