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

    private let parser: UnsafeMutablePointer<llhttp_t>
    /// The exchange that waits for the answer; its user keeps it.
    private var waiting: Uncounted<Exchange>
    private var exchange: Exchange { waiting.with { $0 } }
    private var isComplete = false
    private var keepsAlive = false
    private var headBytes = 0
    private var fieldCount = 0
    /// How many bytes the present field's name has.
    private var nameBytes = 0
    private var typeMatch = NameMatch("content-type")
    private var codingMatch = NameMatch("content-encoding")
    private var contentType: [UInt8] = []
    /// Whether a value of Content-Type, or of Content-Encoding, has begun and has not ended.
    private var isInValue = false
    /// The codings that the body is in; empty for none.
    private var contentCoding: [UInt8] = []
    /// Unpacks bodies; `nil` if they are left as they come.
    private let unpacker: Unpacker?
    /// Whether the head of the last answer has ended; fields after it are trailers.
    private var isHeadOver = false
    private var shownContentType: [UInt8] = []
    private var contentTypeText = ""
    private var problem: AnswerProblem?
    /// Whether any byte of the present answer has come.
    private var hasBegun = false
    /// Whether the last head gave the length of its body.
    private var hasLength = false
    /// Whether an interim answer came before the present one.
    private var hasInterim = false
    private let known: KnownHeads

    /// The largest head that is taken, with its trailers and what stands beside chunk sizes, in
    /// bytes, and the most fields.
    private static let maximumHeadBytes = 64 << 10
    private static let maximumFields = 1000
    /// The longest Content-Type, which a connection keeps from one answer to the next.
    private static let maximumTypeBytes = 4 << 10

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

    fileprivate func begin() -> Int32 {
        isComplete ? stop(.malformed("bytes after the end of the answer")) : 0
    }

    /// Ends the answer with a problem.
    private func stop(_ problem: AnswerProblem?) -> Int32 {
        guard let problem else { return 0 }
        self.problem = problem
        return -1
    }

    private func stop(_ reason: String) -> Int32 {
        stop(.malformed("not an HTTP answer: \(reason)"))
    }

    /// The words behind the status: what may stand in a field's value, may stand there.
    ///
    /// - Source: RFC 9112, section 4.
    fileprivate func takeReason(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        let part = UnsafeRawBufferPointer(start: start, count: count)
        for byte in part where byte < 0x20 && byte != 9 || byte == 0x7F {
            return stop("Invalid character in the reason")
        }
        return countHead(count)
    }

    fileprivate func takeName(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        nameBytes += count
        if isHeadOver { return countHead(count) }
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if exchange.wantsHeaders { exchange.headers.appendName(part) }
        typeMatch.take(part)
        if unpacker != nil { codingMatch.take(part) }
        return countHead(count)
    }

    fileprivate func takeValue(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        if isHeadOver { return countHead(count) }
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if exchange.wantsHeaders { exchange.headers.appendValue(part) }
        if typeMatch.isWhole {
            // Of several fields the last one counts; a value comes in parts.
            if !isInValue { contentType.removeAll(keepingCapacity: true) }
            isInValue = true
            contentType.append(contentsOf: part)
        } else if unpacker != nil, codingMatch.isWhole {
            // Several fields are one list.
            if !isInValue, !contentCoding.isEmpty { contentCoding.append(UInt8(ascii: ",")) }
            isInValue = true
            contentCoding.append(contentsOf: part)
        }
        guard max(contentType.count, contentCoding.count) <= Self.maximumTypeBytes else {
            return stop(
                .malformed("a content type of more than \(Self.maximumTypeBytes) bytes"))
        }
        return countHead(count)
    }

    fileprivate func endValue() -> Int32 {
        guard nameBytes > 0 else { return stop("A field without a name") }
        nameBytes = 0
        typeMatch.begin()
        codingMatch.begin()
        isInValue = false
        fieldCount += 1
        guard fieldCount <= Self.maximumFields else {
            return stop(
                .malformed("a head of more than \(Self.maximumFields) header fields"))
        }
        if exchange.wantsHeaders, !isHeadOver {
            exchange.headers.endField()
            return stop(exchange.countHeaders())
        }
        return 0
    }

    fileprivate func countHead(_ count: Int) -> Int32 {
        headBytes += count
        guard headBytes <= Self.maximumHeadBytes else {
            return stop(
                .malformed("a head of more than \(Self.maximumHeadBytes) bytes"))
        }
        return 0
    }

    fileprivate func endHead() -> Int32 {
        exchange.status = Int(parser.pointee.status_code)
        guard exchange.status >= 100 else { return stop("Invalid status") }
        if exchange.status < 200 {
            if exchange.wantsHeaders { exchange.headers.removeAll() }
            contentType.removeAll(keepingCapacity: true)
            contentCoding.removeAll(keepingCapacity: true)
            hasInterim = true
            return exchange.status == 101 ? 0 : 1
        }
        isHeadOver = true
        // These have no body whatever their fields say, which llhttp does not know of 204 and 304
        // with a transfer coding. Source: RFC 9112, section 6.3.
        if exchange.isHead || exchange.status == 204 || exchange.status == 304 { return 1 }
        if contentCoding.isEmpty {
            announceLength()
        } else if let problem = unpacker?.begin(contentCoding, for: exchange) {
            return stop(problem)
        }
        return 0
    }

    private func announceLength() {
        guard Int(parser.pointee.flags) & Int(F_CONTENT_LENGTH.rawValue) != 0 else { return }
        exchange.announcedBodyBytes = Int(clamping: parser.pointee.content_length)
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
