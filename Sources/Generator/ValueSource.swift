/// Values made up while the load runs: unique ids, and the draws of the closed model.
///
/// Not of the profile's seed: ids must be new in every run, whatever the target has kept.
struct ValueSource {
    private var random = SystemRandomNumberGenerator()

    /// A version 4 UUID in its 36 characters.
    mutating func appendUUID(to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        var (high, low) = (random.next(), random.next())
        high = high & ~0xF000 | 0x4000
        low = low & ~(0xC << 60) | 0x8 << 60
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 {
                output.append(UInt8(ascii: "-"))
            }
            let word = position < 16 ? high : low
            output.append(digits[Int(word >> UInt64(60 - position % 16 * 4) & 15)])
        }
    }

    /// The index of a scenario, by weight.
    mutating func drawScenario(_ count: Int, weights: [Int]) -> Int {
        guard count > 1 else { return 0 }
        var left = Int.random(in: 0..<weights.reduce(0, +), using: &random)
        for index in 0..<count {
            left -= weights[index]
            if left < 0 { return index }
        }
        return count - 1
    }
}
