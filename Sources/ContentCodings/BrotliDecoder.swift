import CBrotli

/// Brotli.
///
/// - Source: RFC 7932.
final class BrotliDecoder: ContentDecoder {
    let memory: DecoderMemory
    /// Made anew for each body, of the memory of the one before: it cannot be reset.
    private var state: OpaquePointer?

    init(memory: DecoderMemory) { self.memory = memory }

    deinit { end() }

    private func end() {
        if let state { BrotliDecoderDestroyInstance(state) }
        state = nil
    }

    func begin() -> Bool {
        end()
        state = memory.makeBrotliDecoder()
        return state != nil
    }

    var isAtEnd: Bool { state.map { BrotliDecoderIsFinished($0) != 0 } ?? false }

    func unpack(
        _ input: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) throws(DecodingError) -> Int {
        if isAtEnd {
            guard input.isEmpty else { throw .continued }
            return 0
        }
        var (left, free) = (input.count, room.count)
        var next = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var output = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = BrotliDecoderDecompressStream(state, &left, &next, &free, &output, nil)
        input.drop(input.count - left)
        if result == BROTLI_DECODER_RESULT_ERROR {
            let code = BrotliDecoderGetErrorCode(state)
            throw .damaged(
                BrotliDecoderErrorString(code).map { String(cString: $0) } ?? "it is damaged")
        }
        return room.count - free
    }
}
