import Requests

extension Template {
    /// Appends the bytes with the slots filled for a user's present iteration.
    ///
    /// Allocates nothing once `output` has the room.
    func render(into output: inout [UInt8], for user: VirtualUser, values: inout ValueSource) {
        var hole = -1
        bytes.withUnsafeBufferPointer { bytes in
            for piece in pieces {
                output.append(
                    contentsOf: UnsafeBufferPointer(rebasing: bytes[piece.start..<piece.end]))
                switch piece.slot {
                case .none: break
                case .contentLength:
                    hole = output.count
                    output.appendDecimal(0, width: lengthWidth)
                default: values.append(piece.slot, piece.encoding, for: user, to: &output)
                }
            }
        }
        if hole >= 0 { fill(&output, hole) }
    }

    /// Writes the length over its digits, and makes room where it has more of them than expected.
    private func fill(_ output: inout [UInt8], _ hole: Int) {
        let length = UInt64(output.count - hole - lengthWidth - Self.emptyLine)
        let width = [UInt8].digitCount(length)
        if width > lengthWidth {
            output.insert(
                contentsOf: repeatElement(UInt8(ascii: "0"), count: width - lengthWidth), at: hole)
        }
        output.writeDecimal(length, at: hole, width: width)
    }
}
