import CCurl
import ContentCodings
import EventLoops
import Exchanges
import Glibc
import Measurements
import Sockets

/// One request at a time over libcurl, on a connection that it keeps.
///
/// Confined to its loop.
final class CurlTransfer {
    /// libcurl's handle of the present request, or of the last.
    ///
    /// Each request has one of its own: libcurl 7.88 keeps a pointer into the answer before, whose
    /// memory is free by then, and follows it where an answer begins with a folded field. No reset
    /// clears it; 8.0 does.
    private var handle = CurlEasy()
    var easy: UnsafeMutableRawPointer { handle.handle }
    let slot: CurlSlot
    /// The exchange under way; `nil` while idle.
    private(set) var exchange: Exchange?
    /// Its place in the lane's list of busy transfers.
    var busyIndex = -1
    /// Whose it is, where every user has its own connection; `nil` if that user has ended.
    var user: ObjectIdentifier?

    unowned let multi: CurlMulti
    private let settings: CurlSettings
    private let fields: RequestFields
    private let errorText: UnsafeMutablePointer<CChar>
    private var isFreshSet = false
    /// Whether it ended before its request, because it found no connection to use again.
    private(set) var mustReopen = false

    // The request that the handle is set up for.
    private(set) var parts = RequestParts()
    private var entry: RequestFields.Entry?
    private var scratch: [CChar] = []

    // What the callbacks leave, for the present exchange.
    var attempts = 0
    var head = CurlHead()
    var uploaded = 0
    /// The codings that the body is in; empty for none.
    var contentCoding: [UInt8] = []
    /// Whether the body has begun.
    var hasBody = false
    var problem: AnswerProblem?
    /// Unpacks bodies; `nil` if they are left as they come.
    let unpacker: Unpacker?
    /// Called where the transfer has opened the connection of its slot.
    var opened: () -> Void = {}
    /// Called when its request goes out.
    var sent: () -> Void = {}

    private var contentType: [CChar] = [0]
    private var contentTypeText = ""

    /// A body from this size on is given to curl piece by piece, so that its sending can be timed.
    private static let largeBodyBytes = 64 << 10

    init(
        slot: CurlSlot, settings: CurlSettings, fields: RequestFields, multi: CurlMulti,
        decoders: DecoderPool?
    ) {
        unpacker = decoders.map(Unpacker.init)
        self.slot = slot
        self.settings = settings
        self.fields = fields
        self.multi = multi
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        // curl may write its last words while the handle goes.
        _ = loadgen_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, nil)
        errorText.deallocate()
    }

    /// Takes an exchange.
    func begin(_ exchange: Exchange) {
        precondition(self.exchange == nil, "the transfer is in use")
        self.exchange = exchange
        (attempts, head, uploaded, hasBody, problem) = (0, CurlHead(), 0, false, nil)
        contentCoding.removeAll(keepingCapacity: true)
        isFreshSet = false
        handle = CurlEasy()
        errorText.pointee = 0
        _ = loadgen_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        settings.apply(to: handle, slot: slot)
        var callbacks = loadgen_curl_callbacks()
        addCallbacks(to: &callbacks)
        loadgen_curl_set_callbacks(easy, &callbacks)
        setUp(exchange.requestBytes)
    }

    /// Says whether the next connection must be a new one.
    func setFresh(_ isFresh: Bool) {
        mustReopen = false
        guard isFresh != isFreshSet, settings.network.connections != .request else { return }
        isFreshSet = isFresh
        handle.set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
        guard settings.mustKnowReuse else { return }
        // On a connection that is HTTP/2 already, this version asks for nothing.
        let version = isFresh ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS
        handle.set(CURLOPT_HTTP_VERSION, Int(version))
    }

    /// Whether the request would go out in HTTP/1.1, on a connection that was to be an open one.
    func isWithoutConnection() -> Bool {
        mustReopen =
            settings.mustKnowReuse && !isFreshSet
            && loadgen_curl_number(easy, CURLINFO_NUM_CONNECTS) > 0
        return mustReopen
    }

    /// Lets go of the exchange.
    func end() -> Exchange? {
        unpacker?.discard()
        return exchange.take()
    }

    // MARK: The request

    /// The bytes of the request, which stay where they are until the exchange has ended.
    var request: UnsafeRawBufferPointer {
        exchange?.requestBytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private func setUp(_ request: UnsafeRawBufferPointer) {
        guard let parts = RequestParts(request) else {
            preconditionFailure("a request of \(request.count) bytes is not HTTP/1.1")
        }
        self.parts = parts
        let entry = fields.entry(for: UnsafeRawBufferPointer(rebasing: request[parts.fields]))
        self.entry = entry
        handle.set(CURLOPT_HTTPHEADER, entry.list)
        scratch.removeAll(keepingCapacity: true)
        set(CURLOPT_REQUEST_TARGET, parts.target)
        setMethod(hasBody: entry.hasLength || !parts.body.isEmpty)
    }

    private func setMethod(hasBody: Bool) {
        if isMethod("HEAD") { return handle.set(CURLOPT_NOBODY, 1) }
        if hasBody {
            handle.set(CURLOPT_POST, 1)
            let isLarge = parts.body.count >= Self.largeBodyBytes
            let start = isLarge ? nil : request.baseAddress.map { $0 + parts.body.lowerBound }
            _ = loadgen_curl_set_pointer(easy, CURLOPT_POSTFIELDS, start)
            _ = loadgen_curl_set_size(
                easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(parts.body.count))
        }
        guard !isMethod(hasBody ? "POST" : "GET") else { return }
        scratch.removeAll(keepingCapacity: true)
        set(CURLOPT_CUSTOMREQUEST, parts.method)
    }

    private func isMethod(_ name: StaticString) -> Bool {
        request[parts.method].elementsEqual(
            UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Sets an option to what `scratch` holds and a part of the request.
    private func set(_ option: CURLoption, _ part: Range<Int>) {
        scratch += request[part].lazy.map(CChar.init(bitPattern:))
        scratch.append(0)
        scratch.withUnsafeBufferPointer { _ = loadgen_curl_set_text(easy, option, $0.baseAddress) }
    }

    var isMultiplexed: Bool { settings.isMultiplexed }

    /// Whether the request may be carried out twice with the effect of once.
    ///
    /// - Source: RFC 9110, section 9.2.2.
    var isIdempotent: Bool { !isMethod("POST") && !isMethod("PATCH") }

    // MARK: The answer

    /// Fills the exchange's answer and its setup times, and says how it ended.
    func result(_ code: CURLcode) -> (outcome: Outcome, detail: String) {
        guard let exchange else { return (.unfinished, "") }
        takeSetup(into: exchange)
        if code == CURLE_OK {
            exchange.status = loadgen_curl_number(easy, CURLINFO_RESPONSE_CODE)
            exchange.contentType = presentContentType()
            // libcurl takes the end of the connection for the end of a head.
            guard head.isWhole else { return CurlFailure.closedEarly }
            if isTruncated(status: exchange.status) { return (.reset, TLSSession.truncated) }
            if let cut = unpacker?.end() { return (cut.outcome, cut.detail) }
            return versionProblem.map { (.malformed, $0) } ?? (.ok, "")
        }
        let words = errorText.pointee == 0 ? curl_easy_strerror(code) : UnsafePointer(errorText)
        let text = words.map { String(cString: $0) } ?? ""
        var failure = CurlFailure.describe(
            code, words: text.replacing(slot.alias, with: settings.host), problem: problem,
            systemError: Int32(loadgen_curl_number(easy, CURLINFO_OS_ERRNO)))
        if code == CURLE_PEER_FAILED_VERIFICATION, let name = slot.expectedName,
            text.hasSuffix("hostname mismatch") || text.hasSuffix("IP address mismatch")
        {
            failure.detail = name.mismatch
        }
        if code == CURLE_GOT_NOTHING, settings.network.http == .two {
            failure.detail += "; http: 2 needs a target that speaks HTTP/2 from the first byte"
        }
        return failure
    }

    /// Whether only the end of the connection has ended the answer, and that without a word of TLS.
    private func isTruncated(status: Int) -> Bool {
        settings.isSecure && !isMultiplexed && !head.isFramed && slot.tlsEnd.pointee == 0
            && !isMethod("HEAD") && status != 204 && status != 304
    }

    private var versionProblem: String? {
        guard settings.network.http == .two,
            loadgen_curl_number(easy, CURLINFO_HTTP_VERSION) != Int(CURL_HTTP_VERSION_2_0)
        else { return nil }
        return "the answer is HTTP/1.1, and http: 2 is asked for"
    }

    private func takeSetup(into exchange: Exchange) {
        guard loadgen_curl_number(easy, CURLINFO_NUM_CONNECTS) > 0 else { return }
        func nanoseconds(_ info: CURLINFO) -> UInt64 {
            UInt64(max(0, loadgen_curl_size(easy, info))) * 1000
        }
        let resolved = nanoseconds(CURLINFO_NAMELOOKUP_TIME_T)
        let connected = nanoseconds(CURLINFO_CONNECT_TIME_T)
        let secured = nanoseconds(CURLINFO_APPCONNECT_TIME_T)
        if connected > resolved { exchange.stamps.setup.connect = connected - resolved }
        if secured > connected, settings.isSecure {
            exchange.stamps.setup.tls = secured - connected
        }
    }

    /// The Content-Type field as a text that is made anew only when it changes.
    private func presentContentType() -> String {
        guard let text = loadgen_curl_text(easy, CURLINFO_CONTENT_TYPE) else { return "" }
        if strcmp(text, contentType) != 0 {
            contentType = Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
            contentTypeText = String(cString: text)
        }
        return contentTypeText
    }
}
