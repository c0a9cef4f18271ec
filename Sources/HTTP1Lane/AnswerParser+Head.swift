import CLLHTTP
import ContentCodings
import Exchanges

extension AnswerParser {
    /// The words behind the status: what may stand in a field's value, may stand there.
    ///
    /// - Source: RFC 9112, section 4.
    func takeReason(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        let part = UnsafeRawBufferPointer(start: start, count: count)
        for byte in part where byte < 0x20 && byte != 9 || byte == 0x7F {
            return stop("Invalid character in the reason")
        }
        return countHead(count)
    }

    func takeName(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
        nameBytes += count
        if isHeadOver { return countHead(count) }
        let part = UnsafeRawBufferPointer(start: start, count: count)
        if exchange.wantsHeaders { exchange.headers.appendName(part) }
        typeMatch.take(part)
        if unpacker != nil { codingMatch.take(part) }
        return countHead(count)
    }

    func takeValue(_ start: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
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

    func endValue() -> Int32 {
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

    func countHead(_ count: Int) -> Int32 {
        headBytes += count
        guard headBytes <= Self.maximumHeadBytes else {
            return stop(
                .malformed("a head of more than \(Self.maximumHeadBytes) bytes"))
        }
        return 0
    }

    func endHead() -> Int32 {
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

    func announceLength() {
        guard Int(parser.pointee.flags) & Int(F_CONTENT_LENGTH.rawValue) != 0 else { return }
        exchange.announcedBodyBytes = Int(clamping: parser.pointee.content_length)
    }
}
