import Exchanges

/// The decoders of one lane that have no body at present; confined to its loop.
public final class DecoderPool {
    private var idle: [ContentCoding: [any ContentDecoder]] = [:]
    private var idleBytes = 0
    /// Room for what is unpacked, by how many decoders stand behind one another.
    private var rooms: [UnsafeMutableRawBufferPointer] = []

    private static let roomBytes = 32 << 10
    /// The most memory that a decoder keeps from one body to the next, and that all of them do.
    private static let maximumKeptBytes = 1 << 20
    private static let maximumIdleBytes = 8 << 20

    /// A pool without decoders.
    public init() {}

    deinit { for room in rooms { room.deallocate() } }

    /// A decoder that is ready for a body; `nil` if the budget has no room.
    func take(_ coding: ContentCoding, budget: MemoryBudget) -> (any ContentDecoder)? {
        var decoder: (any ContentDecoder)?
        while decoder == nil, let free = idle[coding]?.popLast() {
            idleBytes -= free.memory.reservedBytes
            if free.memory.isOf(budget) { decoder = free }
        }
        let ready = decoder ?? Self.make(coding, DecoderMemory(budget: budget))
        ready.memory.begin()
        return ready.begin() ? ready : nil
    }

    private static func make(
        _ coding: ContentCoding, _ memory: DecoderMemory
    ) -> any ContentDecoder {
        switch coding {
        case .gzip: DeflateDecoder(isGzip: true, memory: memory)
        case .deflate: DeflateDecoder(isGzip: false, memory: memory)
        case .brotli: BrotliDecoder(memory: memory)
        case .zstandard: ZstandardDecoder(memory: memory)
        }
    }

    /// Takes back a decoder whose body is over.
    func give(_ decoder: any ContentDecoder, of coding: ContentCoding) {
        let memory = decoder.memory
        guard memory.reservedBytes <= Self.maximumKeptBytes,
            idleBytes + memory.reservedBytes <= Self.maximumIdleBytes, !memory.isScarce
        else { return }
        idleBytes += memory.reservedBytes
        idle[coding, default: []].append(decoder)
    }

    /// Room for what the decoder at a place unpacks, from 0; the lane's, used in one call alone.
    func room(of place: Int) -> UnsafeMutableRawBufferPointer {
        while rooms.count <= place {
            rooms.append(.allocate(byteCount: Self.roomBytes, alignment: 64))
        }
        return rooms[place]
    }
}
