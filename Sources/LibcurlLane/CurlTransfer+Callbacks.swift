import CCurl
import ContentCodings
import EventLoops
import Exchanges
import Glibc
import Measurements

/// What libcurl calls while a transfer is under way.
extension CurlTransfer {
    func addCallbacks(to callbacks: inout loadgen_curl_callbacks) {
        callbacks.transfer = Unmanaged.passUnretained(self).toOpaque()
        callbacks.before_request = { context, _, _, _, _ in
            curlTransfer(context).beginRequest() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        callbacks.head = { start, size, count, context in
            let line = UnsafeRawBufferPointer(start: start, count: size * count)
            return curlTransfer(context).takeHead(line) ? line.count : 0
        }
        callbacks.body = { start, size, count, context in
            let part = UnsafeRawBufferPointer(start: start, count: size * count)
            return curlTransfer(context).takeBody(part) ? part.count : 0
        }
        callbacks.upload = { start, size, count, context in
            let room = UnsafeMutableRawBufferPointer(start: start, count: size * count)
            return curlTransfer(context).fill(room)
        }
        callbacks.rewind = { context, offset, origin in
            guard origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
            curlTransfer(context).uploaded = Int(offset)
            return Int32(CURL_SEEKFUNC_OK)
        }
        callbacks.open_socket = { context, _, address in
            // curl always gives an address.
            address.map { curlTransfer(context).open($0) } ?? loadgen_curl_bad_socket
        }
        multi.addSocketCallbacks(to: &callbacks)
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let socket = multi.open(address) else { return loadgen_curl_bad_socket }
        slot.socket = socket
        return socket.descriptor
    }

    /// A connection is there, and the request goes out next; false keeps it back.
    ///
    /// curl calls it again where a connection that was reused broke before the first byte of an
    /// answer.
    private func beginRequest() -> Bool {
        guard let exchange, !isWithoutConnection() else { return false }
        slot.isResolved = true
        if slot.opener === self { opened() }
        attempts += 1
        if attempts == 1 {
            exchange.stamps.sent = multi.loop.nowNanoseconds
            sent()
            return true
        }
        // An HTTP/1.1 request that was sent may have been received, and is not sent twice. HTTP/2
        // says which requests a server did not take, and curl sends those again.
        return isMultiplexed && isIdempotent
    }

    /// One line of a head: the status line, a field, or the empty line.
    private func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
        guard let exchange else { return false }
        if exchange.stamps.firstByte == 0 {
            exchange.stamps.firstByte = multi.loop.nowNanoseconds
        }
        switch head.take(line, isFromWire: !isMultiplexed) {
        case .begin:
            contentCoding.removeAll(keepingCapacity: true)
            if exchange.wantsHeaders { exchange.headers.removeAll() }
        // What comes behind the head is a trailer.
        case .field: if !head.isWhole { takeField(line, of: exchange) }
        case .end: break
        case .wrong(let reason): problem = .malformed(reason)
        }
        return problem == nil
    }

    private func takeField(_ line: UnsafeRawBufferPointer, of exchange: Exchange) {
        if unpacker != nil {
            var match = NameMatch("content-encoding")
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            match.take(UnsafeRawBufferPointer(rebasing: name))
            if match.isWhole {
                // Several fields are one list.
                if !contentCoding.isEmpty { contentCoding.append(UInt8(ascii: ",")) }
                contentCoding += line.dropFirst(name.count + 1).filter { $0 > 0x20 }
            }
        }
        guard exchange.wantsHeaders else { return }
        keepField(line, of: exchange)
        problem = exchange.countHeaders()
    }

    private func keepField(_ line: UnsafeRawBufferPointer, of exchange: Exchange) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
        var end = line.count
        while end > colon + 1, isSpace(line[end - 1]) { end -= 1 }
        var start = colon + 1
        while start < end, isSpace(line[start]) { start += 1 }
        exchange.headers.appendName(UnsafeRawBufferPointer(rebasing: line[..<colon]))
        exchange.headers.appendValue(UnsafeRawBufferPointer(rebasing: line[start..<end]))
        exchange.headers.endField()
    }

    private func takeBody(_ part: UnsafeRawBufferPointer) -> Bool {
        guard let exchange else { return false }
        if !hasBody {
            hasBody = true
            problem = unpacker?.begin(contentCoding, for: exchange)
            if contentCoding.isEmpty {
                let length = loadgen_curl_size(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
                exchange.announcedBodyBytes = max(0, Int(length))
            }
        }
        if problem == nil {
            if let unpacker, unpacker.isActive {
                problem = unpacker.take(part, into: exchange)
            } else {
                problem = exchange.takeBody(part)
            }
        }
        return problem == nil
    }

    /// Gives the next part of a large body, and times it.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        guard let exchange else { return loadgen_curl_abort_read }
        let rest = parts.body.dropFirst(uploaded)
        let part = rest.prefix(room.count)
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: request[part]))
        uploaded += part.count
        if exchange.stamps.sent > 0 {
            exchange.stamps.setup.send = multi.loop.nowNanoseconds - exchange.stamps.sent
        }
        return part.count
    }
}

/// The transfer that a callback of curl belongs to.
@inline(__always)
func curlTransfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
    // The pointer is set when the transfer is made, and curl hands it back as it is.
    Unmanaged<CurlTransfer>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
}
