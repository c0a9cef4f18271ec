import CZstandard

/// Zstandard, of one frame or several.
///
/// - Source: RFC 8878; RFC 9659 for the window of 8 MiB.
final class ZstandardDecoder: ContentDecoder {
    let memory: DecoderMemory
    private var context: OpaquePointer?
    private var isEnded = false

    /// The largest window that content may have, as a power of two.
    private static let maximumWindowLog: Int32 = 23

    init(memory: DecoderMemory) { self.memory = memory }

    deinit { ZSTD_freeDCtx(context) }

    func begin() -> Bool {
        isEnded = false
        if context == nil {
            context = memory.makeZstandardContext()
            guard context != nil else { return false }
            ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowLog)
        }
        return ZSTD_isError(ZSTD_DCtx_reset(context, ZSTD_reset_session_only)) == 0
    }

    var isAtEnd: Bool { isEnded }

    func unpack(
        _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(DecodingError) -> Int {
        if isEnded, input.isEmpty { return 0 }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        let result = ZSTD_decompressStream(context, &target, &source)
        input.drop(source.pos)
        if ZSTD_isError(result) != 0 {
            throw .damaged(ZSTD_getErrorName(result).map { String(cString: $0) } ?? "it is damaged")
        }
        isEnded = result == 0
        return target.pos
    }
}
