import Statistics

/// Damages the bytes of a file as a disk, an editor or an attacker does: numbers at the ends of
/// their range, values of other kinds, lines lost and repeated, deep nests, noise.
public struct EvidenceMutator {
    private var random: SeededRandom

    private static let values = [
        "0", "-1", "1", "-0.0", "0.5", "1e-300", "5e-324", "1e9", "1e15", "1e18", "1e300", "-1e300",
        "1e400", "-1e400", "NaN", "Infinity", "9007199254740993", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1000000000000", "100000000000000000", "4611686018427387904",
        "null", "true", "\"\"", "\"x\"", "[]", "{}", "[1]",
    ]

    /// A source of damage; the same seed gives the same.
    public init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// The bytes with one to three faults.
    public mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) { damageOnce(&bytes) }
        return bytes
    }

    private mutating func damageOnce(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = Array("{}".utf8)
            return
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<6: replaceNumber(&bytes)
        case 6: damageLine(&bytes)
        case 7: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
        case 8:
            for _ in 0..<8 {
                bytes[place(in: bytes)] = UInt8.random(in: 0...255, using: &random)
            }
        case 9: bytes[place(in: bytes)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 10:
            let depth = Int.random(in: 1...2000, using: &random)
            let nest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            bytes.insert(contentsOf: nest.utf8, at: place(in: bytes))
        default:
            let value = Self.values.randomElement(using: &random) ?? ""
            bytes.insert(contentsOf: value.utf8, at: place(in: bytes))
        }
    }

    private mutating func place(in bytes: [UInt8]) -> Int {
        Int.random(in: 0..<bytes.count, using: &random)
    }

    /// Puts another value in the place of a number, or of a text.
    private mutating func replaceNumber(_ bytes: inout [UInt8]) {
        let start = place(in: bytes)
        guard let first = bytes[start...].firstIndex(where: Self.isDigit) else { return }
        let begin = bytes[..<first].lastIndex { !Self.isDigit($0) }.map { $0 + 1 } ?? 0
        let end = bytes[first...].firstIndex { !Self.isDigit($0) } ?? bytes.endIndex
        let value = Self.values.randomElement(using: &random) ?? ""
        bytes.replaceSubrange(begin..<end, with: value.utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
    }

    private mutating func damageLine(_ bytes: inout [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = Int.random(in: lines.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: lines.remove(at: index)
        case 1: lines.insert(lines[index], at: index)
        default: lines.swapAt(index, Int.random(in: lines.indices, using: &random))
        }
        bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
}
