/// Checks what is between the chunks of a body: whole line ends, and not too much of it.
///
/// llhttp takes a bare LF there for a line end, and any two bytes after a chunk's data; another
/// server might not, and see another request.
struct ChunkFraming {
    private var cursor: UnsafePointer<CChar>?
    private var lastByte: UInt8 = 0
    /// Whether the next byte ends a chunk's data.
    private var isAfterData = false
    private var count = 0
    private var problem: Refusal?

    private static let maximumBytes = 16 << 10

    /// A stretch of the connection's bytes begins.
    mutating func begin(at start: UnsafePointer<CChar>) { cursor = start }

    /// These bytes are body, not framing.
    mutating func skipBody(from start: UnsafePointer<CChar>, _ count: Int) {
        check(upTo: start)
        cursor = start + count
        isAfterData = true
    }

    /// The stretch ends.
    mutating func end(at end: UnsafePointer<CChar>) -> Refusal? {
        check(upTo: end)
        return problem
    }

    private mutating func check(upTo end: UnsafePointer<CChar>) {
        guard var place = cursor else { return }
        while place < end {
            let byte = UInt8(bitPattern: place.pointee)
            if isAfterData, byte != UInt8(ascii: "\r") {
                problem = Refusal(400, "a chunk is not followed by CR LF")
            }
            isAfterData = false
            let wantsLineFeed = lastByte == UInt8(ascii: "\r")
            if wantsLineFeed != (byte == UInt8(ascii: "\n")) {
                problem = Refusal(400, "a chunk's line does not end in CR LF")
            }
            lastByte = byte
            count += 1
            place += 1
        }
        cursor = end
        if count > Self.maximumBytes {
            problem = Refusal(431, "more than 16 KiB between the chunks")
        }
    }
}
