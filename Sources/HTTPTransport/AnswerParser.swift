import CLLHTTP
import EventLoops
import Generator
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
        case malformed(String)
    }

    private let parser: UnsafeMutablePointer<llhttp_t>
    /// The exchange that waits for the answer; its user keeps it.
    private var waiting: Uncounted<Exchange>
    private var exchange: Exchange { waiting.with { $0 } }
    private var isComplete = false
    private var keepsAlive = false
    private var headBytes = 0
    /// How much of the present field's name is that of Content-Type so far; -1 where it is another.
    private var nameMatch = 0
    private var contentType: [UInt8] = []
    /// Whether a value of Content-Type has begun and has not ended.
    private var isInContentType = false
    /// Whether the head of the last answer has ended; fields after it are trailers.
    private var isHeadOver = false
    private var shownContentType: [UInt8] = []
    private var contentTypeText = ""
    private var excess: String?
    /// Whether any byte of the present answer has come.
    private var hasBegun = false
    /// Whether the last head gave the length of its body.
    private var hasLength = false
    /// Whether an interim answer came before the present one.
    private var hasInterim = false
    private let known: KnownHeads

    /// The largest head and body that are taken, in bytes.
    private static let maximumHeadBytes = 64 << 10
    private static let maximumBodyBytes = 64 << 20
    private static let contentTypeName: StaticString = "content-type"

    init(placeholder: Exchange, known: KnownHeads = KnownHeads()) {
        self.known = known
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
        excess = nil
        nameMatch = 0
        isInContentType = false
        isHeadOver = false
        hasInterim = false
        if !contentType.isEmpty { contentType.removeAll(keepingCapacity: true) }
        llhttp_reset(parser)
    }

    /// Takes bytes from the connection.
    func feed(_ bytes: UnsafeRawBufferPointer) -> Progress {
        let isFirst = !hasBegun
        if isFirst {
            if waiting.with({ takeKnown(bytes, for: $0) }) { return .complete(keepAlive: true) }
            hasBegun = true
            reset()
        }
        let progress = parse(bytes)
        if isFirst, progress == .complete(keepAlive: true) { keep(bytes) }
        return progress
    }

    /// Takes a whole answer whose head is known.
    private func takeKnown(_ bytes: UnsafeRawBufferPointer, for exchange: Exchange) -> Bool {
        guard !exchange.wantsHeaders, !exchange.isHead, !isComplete,
            let place = known.place(of: bytes)
        else { return false }
        exchange.status = known.heads[place].status
        exchange.contentType = known.heads[place].contentType
        exchange.body.append(contentsOf: bytes[known.heads[place].bytes.count...])
        isComplete = true
        return true
    }

    /// Keeps the head of an answer that came whole, if its length says where the next begins.
    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard !exchange.wantsHeaders, !exchange.isHead,
            hasLength, !hasInterim
        else { return }
        known.keep(
            bytes, bodyCount: exchange.body.count, status: exchange.status,
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
        guard result == HPE_OK, isComplete else { return nil }
        keepsAlive = false
        return progress(result)
    }

    private func progress(_ result: llhttp_errno_t) -> Progress {
        if let excess { return .malformed(excess) }
        if isComplete, result == HPE_OK || result == HPE_PAUSED_UPGRADE {
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
            return .malformed("not an HTTP answer: \(reason)")
        }
        return .incomplete
    }

    // MARK: What llhttp calls

    // Written once here, and only read by llhttp from then on.
    nonisolated(unsafe) private static let settings: UnsafeMutablePointer<llhttp_settings_t> = {
        let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
        llhttp_settings_init(settings)
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
        guard !isComplete else {
            excess = "bytes after the end of the answer"
            return -1
        }
        return 0
    }

    fileprivate func takeName(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        if isHeadOver { return countHead(count) }
        // A name may come in parts, so it is compared as it comes.
        let name = Self.contentTypeName
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if exchange.wantsHeaders { exchange.headers.appendName(part) }
        for byte in part where nameMatch >= 0 {
            let isWhole = nameMatch == name.utf8CodeUnitCount
            nameMatch = isWhole || name.utf8Start[nameMatch] != byte | 0x20 ? -1 : nameMatch + 1
        }
        return countHead(count)
    }

    fileprivate func takeValue(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        if isHeadOver { return countHead(count) }
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if exchange.wantsHeaders { exchange.headers.appendValue(part) }
        if nameMatch == Self.contentTypeName.utf8CodeUnitCount {
            // Of several fields the last one counts; a value comes in parts.
            if !isInContentType { contentType.removeAll(keepingCapacity: true) }
            isInContentType = true
            contentType.append(contentsOf: part)
        }
        return countHead(count)
    }

    fileprivate func endValue() -> Int32 {
        nameMatch = 0
        isInContentType = false
        if exchange.wantsHeaders, !isHeadOver { exchange.headers.endField() }
        return 0
    }

    private func countHead(_ count: Int) -> Int32 {
        headBytes += count
        guard headBytes <= Self.maximumHeadBytes else {
            excess = "a head of more than \(Self.maximumHeadBytes) bytes"
            return -1
        }
        return 0
    }

    fileprivate func endHead() -> Int32 {
        exchange.status = Int(parser.pointee.status_code)
        if exchange.status < 200 {
            if exchange.wantsHeaders { exchange.headers.removeAll() }
            contentType.removeAll(keepingCapacity: true)
            hasInterim = true
            return exchange.status == 101 ? 0 : 1
        }
        isHeadOver = true
        // These have no body whatever their fields say, which llhttp does not know of 204 and 304
        // with a transfer coding. Source: RFC 9112, section 6.3.
        return exchange.isHead || exchange.status == 204 || exchange.status == 304 ? 1 : 0
    }

    fileprivate func takeBody(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        guard exchange.body.count + count <= Self.maximumBodyBytes else {
            excess = "a body of more than \(Self.maximumBodyBytes) bytes"
            return -1
        }
        exchange.body.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
        return 0
    }

    fileprivate func endMessage() -> Int32 {
        if exchange.status < 200, exchange.status != 101 { return 0 }  // An interim answer.
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
