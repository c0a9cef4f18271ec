import CZlib
import FoundationEssentials

/// HdrHistogram's own binary form: V2, deflated, in base64.
///
/// - Source: HdrHistogram, AbstractHistogram.java (encodeIntoCompressedByteBuffer) and
///   ZigZagEncoding.java.
enum HistogramCoding {
    private static let cookie: UInt32 = 0x1c84_9303 | 0x10
    private static let compressedCookie: UInt32 = 0x1c84_9304 | 0x10
    private static let headerBytes = 40
    /// A histogram of a million slots of 9 bytes; more is no histogram of ours.
    private static let maximumBytes = 16 << 20
    /// No interval has more samples; their sum stays in range.
    private static let maximumCount: Int64 = 1_000_000_000_000

    static func encode(_ histogram: Histogram) -> String {
        var payload: [UInt8] = []
        var slot = 0
        while slot <= histogram.lastSlot {
            let count = histogram.counts[slot]
            if count == 0 {
                var zeros = 0
                while slot <= histogram.lastSlot, histogram.counts[slot] == 0 {
                    zeros += 1
                    slot += 1
                }
                appendZigZag(Int64(-zeros), to: &payload)
            } else {
                appendZigZag(Int64(bitPattern: count), to: &payload)
                slot += 1
            }
        }
        var body: [UInt8] = []
        append(cookie, to: &body)
        append(UInt32(payload.count), to: &body)
        append(UInt32(0), to: &body)  // normalizing index offset
        append(UInt32(histogram.significantDigits), to: &body)
        append(histogram.lowestDiscernible, to: &body)
        append(histogram.highestTrackable, to: &body)
        append((1.0).bitPattern, to: &body)  // integer to double conversion ratio
        body += payload
        let packed = deflate(body)
        var output: [UInt8] = []
        append(compressedCookie, to: &output)
        append(UInt32(packed.count), to: &output)
        return Data(output + packed).base64EncodedString()
    }

    /// Puts a code's counts in the place of what a histogram held.
    ///
    /// - Returns: whether it is one; of anything else the histogram holds a part.
    static func decode(_ code: ArraySlice<UInt8>, into histogram: inout Histogram) -> Bool {
        guard let data = Data(base64Encoded: Data(code)), data.count > 8 else { return false }
        let bytes = [UInt8](data)
        guard read32(bytes, 0) == compressedCookie, let body = inflate(Array(bytes[8...])),
            body.count >= headerBytes, read32(body, 0) == cookie,
            let layout = HistogramLayout(
                lowestDiscernible: read64(body, 16), highestTrackable: read64(body, 24),
                significantDigits: Int(read32(body, 12)))
        else { return false }
        if histogram.layout == layout {
            histogram.reset()
        } else {
            histogram = Histogram(layout: layout)
        }
        var position = headerBytes
        var slot = 0
        while position < body.count {
            guard let value = readZigZag(body, &position) else { return false }
            if value < 0 {
                guard value >= -Int64(layout.slotCount) else { return false }
                slot += Int(-value)
            } else {
                guard slot < layout.slotCount, value <= maximumCount else { return false }
                histogram.addToSlot(slot, UInt64(value))
                slot += 1
            }
        }
        return true
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func read32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func read64(_ bytes: [UInt8], _ at: Int) -> UInt64 {
        bytes[at..<at + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// LEB128 of the zig-zag form, in at most nine bytes.
    private static func appendZigZag(_ value: Int64, to bytes: inout [UInt8]) {
        var left = UInt64(bitPattern: value << 1 ^ value >> 63)
        for _ in 0..<8 {
            guard left > 0x7F else { break }
            bytes.append(UInt8(left & 0x7F) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: left))
    }

    private static func readZigZag(_ bytes: [UInt8], _ position: inout Int) -> Int64? {
        var value: UInt64 = 0
        for index in 0..<9 {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            // The ninth byte is whole: it has no continuation bit.
            value |= UInt64(index == 8 ? byte : byte & 0x7F) << UInt64(7 * index)
            if index == 8 || byte & 0x80 == 0 { break }
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(size))
        let result = compress2(&output, &size, bytes, uLong(bytes.count), 1)
        precondition(result == Z_OK, "zlib refused a buffer of its own size: \(result)")
        return Array(output[..<Int(size)])
    }

    private static func inflate(_ bytes: [UInt8]) -> [UInt8]? {
        var capacity = max(1 << 12, bytes.count * 8)
        while capacity <= maximumBytes {
            var size = uLong(capacity)
            var output = [UInt8](repeating: 0, count: capacity)
            switch uncompress(&output, &size, bytes, uLong(bytes.count)) {
            case Z_OK: return Array(output[..<Int(size)])
            case Z_BUF_ERROR: capacity *= 4
            default: return nil
            }
        }
        return nil
    }
}
