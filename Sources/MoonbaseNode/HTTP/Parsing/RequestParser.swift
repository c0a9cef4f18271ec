import CLLHTTP
import EventLoops
import Glibc

/// Reads the requests of one connection: a strict scan of the head, then llhttp.
///
/// Confined to its loop.
final class RequestParser {
    enum Progress {
        case incomplete
        case complete
        /// The answer that ends the connection.
        case refused(Refusal)
    }

    private let parser: UnsafeMutablePointer<llhttp_t>
    private let clock: MonotonicClock
    private var scanner = HeadScanner()
    var head = HeadFields()
    /// The request that the last `.complete` is about, and the parts of the next as they come.
    private(set) var request = Request()
    private(set) var isInBody = false
    private var isComplete = false
    private var isTooLarge = false
    private var framing = ChunkFraming()

    /// The contract's bounds.
    static let maximumHeadBytes = 16 << 10
    static let maximumBodyBytes = 1 << 20

    init(clock: MonotonicClock = .system) {
        self.clock = clock
        parser = .allocate(capacity: 1)
        llhttp_init(parser, HTTP_REQUEST, Self.settings)
        parser.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { parser.deallocate() }

    /// Takes the bytes of the connection that were not consumed yet.
    ///
    /// - Returns: what they came to, and how many of them are done with; a head is consumed whole.
    func feed(_ bytes: UnsafeRawBufferPointer) -> (progress: Progress, consumed: Int) {
        if isInBody { return feedBody(bytes) }
        // A blank line before a request is allowed, from old senders (RFC 9112, 2.2).
        if bytes.count >= 2, bytes[0] == UInt8(ascii: "\r"), bytes[1] == UInt8(ascii: "\n") {
            scanner = HeadScanner()
            return (.incomplete, 2)
        }
        switch scanner.scan(bytes) {
        case .wrong(let reason): return (.refused(Refusal(400, reason)), bytes.count)
        case .incomplete:
            let isTooLong = bytes.count > Self.maximumHeadBytes
            return (isTooLong ? .refused(Self.headTooLarge) : .incomplete, 0)
        case .end(let count):
            guard count <= Self.maximumHeadBytes else {
                return (.refused(Self.headTooLarge), count)
            }
            return (parseHead(UnsafeRawBufferPointer(rebasing: bytes[..<count])), count)
        }
    }

    private static let headTooLarge = Refusal(431, "the head is above 16 KiB")

    private func parseHead(_ bytes: UnsafeRawBufferPointer) -> Progress {
        scanner = HeadScanner()
        head = HeadFields()
        request = Request()
        request.startNanoseconds = clock.nowNanoseconds
        isComplete = false
        isTooLarge = false
        framing = ChunkFraming()
        llhttp_reset(parser)
        let result = llhttp_execute(
            parser, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
        guard result == HPE_OK || result == HPE_PAUSED else { return refusal(result, bytes) }
        if let problem = head.problem(with: parser, in: bytes) { return .refused(problem) }
        request.method = String(
            cString: llhttp_method_name(llhttp_method(UInt32(parser.pointee.method))))
        if let problem = head.fill(&request) { return .refused(problem) }
        request.keepsAlive = llhttp_should_keep_alive(parser) == 1
        if isComplete { return .complete }
        if parser.pointee.content_length > UInt64(Self.maximumBodyBytes) {
            return .refused(Self.bodyTooLarge)
        }
        isInBody = true
        return .incomplete
    }

    private static let bodyTooLarge = Refusal(413, "the body is above 1 MiB")

    private func feedBody(_ bytes: UnsafeRawBufferPointer) -> (progress: Progress, consumed: Int) {
        guard let start = bytes.bindMemory(to: CChar.self).baseAddress else {
            return (.incomplete, 0)
        }
        framing.begin(at: start)
        let result = llhttp_execute(parser, start, bytes.count)
        let consumed = result == HPE_OK ? bytes.count : llhttp_get_error_pos(parser) - start
        if isTooLarge { return (.refused(Self.bodyTooLarge), bytes.count) }
        guard result == HPE_OK || result == HPE_PAUSED else {
            return (refusal(result, bytes), bytes.count)
        }
        if head.isChunked, let problem = framing.end(at: start + consumed) {
            return (.refused(problem), bytes.count)
        }
        guard isComplete else { return (.incomplete, consumed) }
        isInBody = false
        return (.complete, consumed)
    }

    /// A method that llhttp does not know is no malformed request: its path decides.
    private func refusal(_ result: llhttp_errno_t, _ bytes: UnsafeRawBufferPointer) -> Progress {
        if result == HPE_INVALID_METHOD, !isInBody, let line = RequestLine(bytes) {
            request.method = line.method
            request.path = line.path
            request.keepsAlive = false
            return .complete
        }
        let reason = llhttp_get_error_reason(parser).map { String(cString: $0) } ?? ""
        return .refused(Refusal(400, "the request is malformed: \(reason)"))
    }

    // MARK: What llhttp calls

    // Written once here, and only read by llhttp from then on.
    nonisolated(unsafe) private static let settings: UnsafeMutablePointer<llhttp_settings_t> = {
        let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
        llhttp_settings_init(settings)
        settings.pointee.on_url = { requestParser($0).head.takeTarget($1, $2) }
        settings.pointee.on_header_field = { requestParser($0).head.takeName($1, $2) }
        settings.pointee.on_header_value = { requestParser($0).head.takeValue($1, $2) }
        settings.pointee.on_header_value_complete = { requestParser($0).head.endValue() }
        settings.pointee.on_headers_complete = { parser in
            // An offer to change the protocol is not taken up; the request is served as it is.
            parser?.pointee.upgrade = 0
            return 0
        }
        settings.pointee.on_body = { requestParser($0).takeBody($1, $2) }
        settings.pointee.on_message_complete = { requestParser($0).endMessage() }
        return settings
    }()

    fileprivate func takeBody(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        guard let start else { return 0 }
        framing.skipBody(from: start, count)
        guard request.body.count + count <= Self.maximumBodyBytes else {
            isTooLarge = true
            return -1
        }
        request.body.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
        return 0
    }

    fileprivate func endMessage() -> Int32 {
        isComplete = true
        // What follows is the next request; it waits until this one is answered.
        return Int32(HPE_PAUSED.rawValue)
    }
}

/// The parser that llhttp's callback belongs to.
@inline(__always)
private func requestParser(_ parser: UnsafeMutablePointer<llhttp_t>?) -> RequestParser {
    // The pointer is set in `init` and llhttp never changes it.
    Unmanaged<RequestParser>.fromOpaque(parser.unsafelyUnwrapped.pointee.data).takeUnretainedValue()
}
