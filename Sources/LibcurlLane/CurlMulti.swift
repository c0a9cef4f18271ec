import CCurl
import CLinux
import EventLoops
import Glibc
import Sockets

/// libcurl's multi handle, driven by an event loop: its sockets, its timer, and the transfers that
/// have ended.
///
/// Confined to its loop.
final class CurlMulti: TimerHandler {
    let loop: EventLoop
    /// Whether its connections speak HTTP/2.
    let isMultiplexed: Bool
    /// Takes each transfer that has ended, with the time at which it did.
    var ended: (CurlTransfer, CURLcode, UInt64) -> Void = { _, _, _ in }
    /// The errno of the last socket that could not be made or bound; 0 where none failed.
    private(set) var socketError: Int32 = 0

    /// Open connections, and those that are being opened.
    private(set) var openConnections = 0
    private var opened = 0

    private var multi: UnsafeMutableRawPointer?
    private let sources: SourceAddresses
    private var nextSource = 0
    private var sockets = ContiguousArray<CurlSocket?>()
    /// When curl wants to be called without an event; `max` for never.
    private var wanted = UInt64.max
    /// The earliest call that the loop owes us; `max` for none.
    private var armed = UInt64.max
    private var isRunDue = false
    private var deferred: [() -> Void] = []
    private var isSettling = false
    private var shutCount = 0
    /// Whether another thread has shut the sockets during the present call of curl, which did not
    /// come back: an HTTP/2 peer that sends without end keeps curl reading.
    var wasShut: Bool { loop.sockets.shutCount != shutCount }

    /// The most rounds in a turn of the loop, so that other sockets are served between.
    private static let roundsPerTurn = 1000

    /// A multi handle that keeps up to `maximumConnections`; `maximumPerSlot` is curl's bound for
    /// one host name, and 0 for none.
    init(
        loop: EventLoop, settings: CurlSettings, maximumConnections: Int, maximumPerSlot: Int
    ) {
        self.loop = loop
        isMultiplexed = settings.isMultiplexed
        sources = settings.sources
        CurlLibrary.start()
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory") }
        self.multi = multi
        loadgen_curl_multi_set_callbacks(
            multi,
            { _, descriptor, what, context, _ in
                curlMulti(context).watch(descriptor, what)
                return 0
            },
            { _, milliseconds, context in
                curlMulti(context).setTimer(milliseconds)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
        // The lane bounds connections; the cache only must not close one that is to be used again.
        _ = loadgen_curl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, maximumConnections + 16)
        _ = loadgen_curl_multi_set_number(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximumPerSlot)
        _ = loadgen_curl_multi_set_number(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, settings.streams)
    }

    /// Starts a transfer, as far as it goes without waiting.
    func start(_ transfer: CurlTransfer) {
        let code = curl_multi_add_handle(multi, transfer.easy)
        precondition(code == CURLM_OK, "curl takes no transfer: \(code.rawValue)")
        isRunDue = true
        settle()
    }

    /// Takes a transfer out, ended or not; one under way loses its connection, or its stream.
    func remove(_ transfer: CurlTransfer) {
        let code = curl_multi_remove_handle(multi, transfer.easy)
        precondition(code == CURLM_OK, "curl lets go of no transfer: \(code.rawValue)")
    }

    /// Closes every connection; no transfer may be left in it.
    func close() {
        guard let multi else { return }
        curl_multi_cleanup(multi)
        self.multi = nil
    }

    /// Does something as soon as curl has returned, which takes no transfers in its callbacks.
    func afterwards(_ body: @escaping () -> Void) { deferred.append(body) }

    // MARK: What the loop calls

    func act(_ descriptor: Int32, _ mask: Int32) {
        guard multi != nil else { return }
        var running: Int32 = 0
        curl_multi_socket_action(multi, descriptor, mask, &running)
        settle()
    }

    func timerFired(at now: UInt64) {
        guard multi != nil else { return }
        armed = .max
        if wanted <= now {
            wanted = .max
            isRunDue = true
            settle()
        } else if wanted != .max {
            arm(wanted)
        }
    }

    /// Lets curl go on until it waits, and hands over what has ended on the way.
    private func settle() {
        // A transfer that is started by the end of another goes on in the round that stands below.
        guard !isSettling else { return }
        isSettling = true
        defer { isSettling = false }
        var left = Self.roundsPerTurn
        repeat {
            if isRunDue {
                isRunDue = false
                var running: Int32 = 0
                curl_multi_socket_action(multi, loadgen_curl_bad_socket, 0, &running)
            }
            var code = CURLE_OK
            while let easy = loadgen_curl_next_ended(multi, &code) {
                let transfer = curlTransfer(loadgen_curl_transfer(easy))
                remove(transfer)
                ended(transfer, code, loop.nowNanoseconds)
            }
            if !deferred.isEmpty {
                let bodies = deferred
                deferred.removeAll()
                for body in bodies { body() }
            }
            left -= 1
        } while isRunDue && left > 0 && multi != nil
        shutCount = loop.sockets.shutCount
        if isRunDue, multi != nil {
            wanted = loop.nowNanoseconds + 1
            arm(wanted)
        }
    }

    // MARK: What curl calls

    private func setTimer(_ milliseconds: Int) {
        isRunDue = milliseconds == 0
        guard milliseconds > 0 else {
            wanted = .max
            return
        }
        wanted = loop.nowNanoseconds + UInt64(milliseconds) * 1_000_000
        if wanted < armed { arm(wanted) }
    }

    private func arm(_ deadline: UInt64) {
        armed = deadline
        loop.call(self, at: deadline)
    }

    private func watch(_ descriptor: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            guard let socket = socket(of: descriptor) else { return }
            if socket.isOwn { return socket.rest() }
            socket.forget()
            sockets[Int(descriptor)] = nil
            return
        }
        var interests: Interests = []
        if what & CURL_POLL_IN != 0 { interests.insert(.read) }
        if what & CURL_POLL_OUT != 0 { interests.insert(.write) }
        let socket =
            socket(of: descriptor) ?? add(CurlSocket(descriptor, of: self, isOwn: false))
        socket.want(interests)
    }

    private func socket(of descriptor: Int32) -> CurlSocket? {
        sockets.indices.contains(Int(descriptor)) ? sockets[Int(descriptor)] : nil
    }

    private func add(_ socket: CurlSocket) -> CurlSocket {
        while sockets.count <= Int(socket.descriptor) { sockets.append(nil) }
        sockets[Int(socket.descriptor)] = socket
        return socket
    }

    /// Makes the socket of a connection; `nil` if the system gives none.
    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> CurlSocket? {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let (family, type) = (address.pointee.family, address.pointee.socktype | flags)
        let descriptor = Glibc.socket(family, type, address.pointee.protocol)
        guard descriptor >= 0 else {
            socketError = errno
            return nil
        }
        if family != AF_UNIX, let number = sources.bind(descriptor, turn: nextSource) {
            socketError = number
            Glibc.close(descriptor)
            return nil
        }
        nextSource &+= 1
        socketError = 0
        opened += 1
        openConnections += 1
        loop.sockets.add(descriptor)
        return add(CurlSocket(descriptor, of: self, isOwn: true))
    }

    /// Connections that were opened, or tried, since the last call.
    func takeOpened() -> Int {
        defer { opened = 0 }
        return opened
    }

    fileprivate func close(_ descriptor: Int32) {
        openConnections -= 1
        socket(of: descriptor)?.forget()
        sockets[Int(descriptor)] = nil
        loop.sockets.close(descriptor)
    }

    /// Gives a transfer's sockets to this handle, which may outlive the transfer.
    func addSocketCallbacks(to callbacks: inout loadgen_curl_callbacks) {
        callbacks.close_socket = { context, descriptor in
            curlMulti(context).close(descriptor)
            return 0
        }
        callbacks.sockets = Unmanaged.passUnretained(self).toOpaque()
    }
}

/// The handle that a callback of curl belongs to.
@inline(__always)
private func curlMulti(_ context: UnsafeMutableRawPointer?) -> CurlMulti {
    // The pointer is set in `init`, and curl hands it back as it is.
    Unmanaged<CurlMulti>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
}

/// libcurl as a whole.
enum CurlLibrary {
    private static let code = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Whether a request in HTTP/2 by prior knowledge breaks a connection that is used again.
    ///
    /// A fault of curl 7.88 (its issue 10634), mended in 8.0; what asks for this can go with
    /// Debian 12.
    static let breaksPriorKnowledge: Bool = {
        let version = curl_version_info(CURLVERSION_FIRST).pointee.version_num
        return version >= 0x07_58_00 && version < 0x08_00_00
    }()

    /// Makes libcurl ready, once in the process; callable on any thread.
    static func start() {
        precondition(code == CURLE_OK, "libcurl does not start: \(code.rawValue)")
    }
}
