/// A frame of HTTP/2.
///
/// - Source: RFC 9113, section 4.1.
public struct Frame {
    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32
    var payload: [UInt8] = []
    /// What the frame says of its payload's length; `nil` for the truth.
    var length: Int?

    /// The frame as it is sent.
    var bytes: [UInt8] {
        let length = UInt32(truncatingIfNeeded: length ?? payload.count)
        return [
            UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length), type, flags,
            UInt8(truncatingIfNeeded: stream >> 24), UInt8(truncatingIfNeeded: stream >> 16),
            UInt8(truncatingIfNeeded: stream >> 8), UInt8(truncatingIfNeeded: stream),
        ] + payload
    }

    /// The frames that bytes stand for, mostly of the right length and on the stream of the
    /// request: kind, flags, stream, length and payload, one after another.
    public static func frames(of input: ArraySlice<UInt8>) -> [UInt8] {
        var (rest, bytes) = (input, [UInt8]())
        while rest.count >= 4 {
            let head = Array(rest.prefix(4))
            let payload = rest.dropFirst(4).prefix(Int(head[3] & 0x7F))
            rest = rest.dropFirst(4 + payload.count)
            // Three in four are of the kinds that there are.
            let type = head[0] < 192 ? head[0] % 10 : head[0]
            let streams: [UInt32] = [1, 1, 1, 0, 0, 2, 3, 0x8000_0001]
            var frame = Frame(
                type: type, flags: head[1], stream: streams[Int(head[2] % 8)],
                payload: Array(payload))
            if head[3] & 0x80 != 0 { frame.length = Int(head[2]) << 8 | Int(head[1]) }
            bytes += frame.bytes
        }
        return bytes
    }
}
