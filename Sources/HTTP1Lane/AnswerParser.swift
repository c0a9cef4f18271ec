import CLLHTTP
import ContentCodings
import EventLoops
import Exchanges
import Glibc

/// Reads the answers of one connection with llhttp, straight into the exchange that waits for them.
///
/// Confined to its loop.
final class AnswerParser {
    /// What the bytes so far came to.
    enum Progress: Equatable {
        case incomplete
        /// A whole answer; the connection can carry another request or not.
        case complete(keepAlive: Bool)
        case failed(AnswerProblem)
    }

    let parser: UnsafeMutablePointer<llhttp_t>
    /// The exchange that waits for the answer; its user keeps it.
    private var waiting: Uncounted<Exchange>
    var exchange: Exchange { waiting.with { $0 } }
    private var isComplete = false
    private var keepsAlive = false
    var headBytes = 0
    var fieldCount = 0
    /// How many bytes the present field's name has.
    var nameBytes = 0
    var typeMatch = NameMatch("content-type")
    var codingMatch = NameMatch("content-encoding")
    var contentType: [UInt8] = []
    /// Whether a value of Content-Type, or of Content-Encoding, has begun and has not ended.
    var isInValue = false
    /// The codings that the body is in; empty for none.
    var contentCoding: [UInt8] = []
    /// Unpacks bodies; `nil` if they are left as they come.
    let unpacker: Unpacker?
    /// Whether the head of the last answer has ended; fields after it are trailers.
    var isHeadOver = false
    private var shownContentType: [UInt8] = []
    private var contentTypeText = ""
    var problem: AnswerProblem?
    /// Whether any byte of the present answer has come.
    private var hasBegun = false
    /// Whether the last head gave the length of its body.
    private var hasLength = false
    /// Whether an interim answer came before the present one.
    var hasInterim = false
    private let known: KnownHeads

    /// The largest head that is taken, with its trailers and what stands beside chunk sizes, in
    /// bytes, and the most fields.
    static let maximumHeadBytes = 64 << 10
    static let maximumFields = 1000
    /// The longest Content-Type, which a connection keeps from one answer to the next.
    static let maximumTypeBytes = 4 << 10

    init(
        placeholder: Exchange, known: KnownHeads = KnownHeads(), decoders: DecoderPool? = nil
    ) {
        self.known = known
        unpacker = decoders.map(Unpacker.init)
        waiting = Uncounted(placeholder)
        parser = .allocate(capacity: 1)
        llhttp_init(parser, HTTP_RESPONSE, Self.settings)
        parser.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { parser.deallocate() }

    /// Gets ready for the answer to a request.
    func expectAnswer(to exchange: Exchange) {
        waiting = Uncounted(exchange)
        hasBegun = false
        isComplete = false
    }

    /// Gets ready to parse; what is known already never comes to this.
    private func reset() {
        headBytes = 0
        fieldCount = 0
        nameBytes = 0
        problem = nil
        typeMatch.begin()
        codingMatch.begin()
        isInValue = false
        isHeadOver = false
        hasInterim = false
        if !contentType.isEmpty { contentType.removeAll(keepingCapacity: true) }
        if !contentCoding.isEmpty { contentCoding.removeAll(keepingCapacity: true) }
        unpacker?.discard()
        llhttp_reset(parser)
    }

    /// Takes bytes from the connection.
    func feed(_ bytes: UnsafeRawBufferPointer) -> Progress {
        let isFirst = !hasBegun
        if isFirst {
            if let progress = waiting.with({ takeKnown(bytes, for: $0) }) { return progress }
            hasBegun = true
            reset()
        }
        let progress = parse(bytes)
        if isFirst, progress == .complete(keepAlive: true) { keep(bytes) }
        return progress
    }

    /// Takes a whole answer whose head is known; `nil` for any other.
    private func takeKnown(
        _ bytes: UnsafeRawBufferPointer, for exchange: Exchange
    ) -> Progress? {
        guard !exchange.wantsHeaders, !exchange.isHead, !isComplete,
            let place = known.place(of: bytes)
        else { return nil }
        exchange.status = known.heads[place].status
        exchange.contentType = known.heads[place].contentType
        isComplete = true
        let body = UnsafeRawBufferPointer(rebasing: bytes[known.heads[place].bytes.count...])
        if let problem = exchange.takeBody(body) { return .failed(problem) }
        return .complete(keepAlive: true)
    }

    /// Keeps the head of an answer that came whole, if its length says where the next begins.
    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard !exchange.wantsHeaders, !exchange.isHead,
            hasLength, !hasInterim, contentCoding.isEmpty
        else { return }
        known.keep(
            bytes, bodyCount: exchange.bodyCount, status: exchange.status,
            contentType: exchange.contentType)
    }

    private func parse(_ bytes: UnsafeRawBufferPointer) -> Progress {
        let result = llhttp_execute(
            parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        return progress(result)
    }

    /// The peer has closed: the end of a body without a length, or a broken answer.
    func feedEnd() -> Progress? {
        guard hasBegun else { return nil }
        guard parser.pointee.finish != UInt8(HTTP_FINISH_SAFE.rawValue) || isComplete else {
            return nil
        }
        let result = llhttp_finish(parser)
        if let problem { return .failed(problem) }
        guard result == HPE_OK, isComplete else { return nil }
        keepsAlive = false
        return progress(result)
    }

    private func progress(_ result: llhttp_errno_t) -> Progress {
        if let problem { return .failed(problem) }
        // What follows the last answer of a connection is nobody's.
        if isComplete,
            result == HPE_OK || result == HPE_PAUSED_UPGRADE || result == HPE_CLOSED_CONNECTION
        {
            while let last = contentType.last, last == UInt8(ascii: " ") || last == 9 {
                contentType.removeLast()
            }
            if contentType != shownContentType {
                shownContentType = contentType
                contentTypeText = String(decoding: contentType, as: UTF8.self)
            }
            exchange.contentType = contentTypeText
            return .complete(keepAlive: keepsAlive && result == HPE_OK)
        }
        guard result == HPE_OK else {
            let reason = llhttp_get_error_reason(parser).map { String(cString: $0) } ?? ""
            return .failed(.malformed("not an HTTP answer: \(reason)"))
        }
        return .incomplete
    }

    // MARK: What llhttp calls

    // Written once here, and only read by llhttp from then on.
    nonisolated(unsafe) private static let settings: UnsafeMutablePointer<llhttp_settings_t> = {
        let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
        llhttp_settings_init(settings)
        settings.pointee.on_status = { answerParser($0).takeReason($1, $2) }
        settings.pointee.on_chunk_extension_name = { answerParser($0).countHead($2) }
        settings.pointee.on_chunk_extension_value = { answerParser($0).countHead($2) }
        settings.pointee.on_message_begin = { answerParser($0).begin() }
        settings.pointee.on_header_field = { answerParser($0).takeName($1, $2) }
        settings.pointee.on_header_value = { answerParser($0).takeValue($1, $2) }
        settings.pointee.on_header_value_complete = { answerParser($0).endValue() }
        settings.pointee.on_headers_complete = { answerParser($0).endHead() }
        settings.pointee.on_body = { answerParser($0).takeBody($1, $2) }
        settings.pointee.on_message_complete = { answerParser($0).endMessage() }
        return settings
    }()

    func begin() -> Int32 {
        isComplete ? stop(.malformed("bytes after the end of the answer")) : 0
    }

    /// Ends the answer with a problem.
    func stop(_ problem: AnswerProblem?) -> Int32 {
        guard let problem else { return 0 }
        self.problem = problem
        return -1
    }

    func stop(_ reason: String) -> Int32 {
        stop(.malformed("not an HTTP answer: \(reason)"))
    }

    fileprivate func takeBody(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if let unpacker, unpacker.isActive { return stop(unpacker.take(part, into: exchange)) }
        return stop(exchange.takeBody(part))
    }

    fileprivate func endMessage() -> Int32 {
        if exchange.status < 200, exchange.status != 101 { return 0 }  // An interim answer.
        if let unpacker, unpacker.isActive, let problem = unpacker.end() { return stop(problem) }
        isComplete = true
        keepsAlive = llhttp_should_keep_alive(parser) == 1
        let flags = Int(parser.pointee.flags)
        hasLength =
            flags & Int(F_CONTENT_LENGTH.rawValue) != 0 && flags & Int(F_CHUNKED.rawValue) == 0
        return 0
    }
}

/// The parser that llhttp's callback belongs to.
@inline(__always)
private func answerParser(_ parser: UnsafeMutablePointer<llhttp_t>?) -> AnswerParser {
    // The pointer is set in `init` and llhttp never changes it.
    Unmanaged<AnswerParser>.fromOpaque(parser.unsafelyUnwrapped.pointee.data).takeUnretainedValue()
}
