import CZlib

/// gzip, of one member or several, and deflate, with the header of zlib and, as many servers send
/// it, without.
///
/// - Source: RFC 1952, RFC 1950, RFC 1951.
final class DeflateDecoder: ContentDecoder {
    let memory: DecoderMemory
    private let isGzip: Bool
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether `stream` is set up.
    private var isMade = false
    private var isEnded = false
    /// The first byte of a body whose second has not come, or -1: with it one knows the header.
    private var firstByte = -1
    /// Whether it is known what stands first.
    private var hasHeader = false

    private static let windowBits: Int32 = 15
    private static let gzipBits: Int32 = 16 + windowBits

    init(isGzip: Bool, memory: DecoderMemory) {
        self.isGzip = isGzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.memory = memory
        memory.serve(stream)
    }

    deinit {
        if isMade { inflateEnd(stream) }
        stream.deallocate()
    }

    func begin() -> Bool {
        isEnded = false
        firstByte = -1
        hasHeader = isGzip
        let bits = isGzip ? Self.gzipBits : Self.windowBits
        if isMade { return inflateReset2(stream, bits) == Z_OK }
        isMade =
            inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        return isMade
    }

    var isAtEnd: Bool { isEnded }

    func unpack(
        _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(DecodingError) -> Int {
        guard hasHeader || findHeader(&input) else { return 0 }
        if isEnded {
            if input.isEmpty { return 0 }
            guard isGzip else { throw .continued }
            // The next member; of what is none, the header is wrong.
            inflateReset(stream)
            isEnded = false
        }
        if firstByte >= 0 {
            let byte = UInt8(firstByte)
            firstByte = -1
            // A header's first byte, which nothing comes of.
            _ = try withUnsafeBytes(of: byte) { bytes throws(DecodingError) in
                var first = bytes
                return try inflate(&first, into: room)
            }
        }
        return try inflate(&input, into: room)
    }

    private func inflate(
        _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(DecodingError) -> Int {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room.count)
        let result = CZlib.inflate(stream, Z_NO_FLUSH)
        input.drop(input.count - Int(stream.pointee.avail_in))
        switch result {
        case Z_STREAM_END: isEnded = true
        // No progress is possible: the input is used up, or the room.
        case Z_OK, Z_BUF_ERROR: break
        case Z_NEED_DICT: throw .damaged("it needs a dictionary")
        default:
            throw .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "it is damaged")
        }
        return room.count - Int(stream.pointee.avail_out)
    }

    /// Finds out whether a body begins with zlib's header; false where its second byte is to come.
    private func findHeader(_ input: inout UnsafeRawBufferPointer) -> Bool {
        guard let first = input.first else { return false }
        let second: UInt8
        if firstByte >= 0 {
            second = first
        } else {
            firstByte = Int(first)
            input.drop(1)
            guard let next = input.first else { return false }
            second = next
        }
        let isZlib = firstByte & 0x0F == 8 && (firstByte << 8 | Int(second)) % 31 == 0
        if !isZlib { inflateReset2(stream, -Self.windowBits) }
        hasHeader = true
        return true
    }
}
