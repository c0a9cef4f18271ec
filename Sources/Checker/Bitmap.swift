/// A bit for each event of a log.
struct Bitmap {
    private var words: [UInt64]

    /// All bits clear.
    init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    /// The number of set bits.
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The first set bit from a number on; `nil` if there is none.
    func first(from bit: Int) -> Int? {
        var index = bit / 64
        guard index < words.count else { return nil }
        var word = words[index] & (~0 << UInt64(bit % 64))
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index]
        }
        return index * 64 + word.trailingZeroBitCount
    }

    /// Sets a bit.
    ///
    /// - Returns: whether it was clear.
    @discardableResult mutating func insert(_ bit: Int) -> Bool {
        let mask: UInt64 = 1 << UInt64(bit % 64)
        defer { words[bit / 64] |= mask }
        return words[bit / 64] & mask == 0
    }

    /// Sets the bits of another one of the same size.
    mutating func formUnion(_ other: Bitmap) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// The bits that both have.
    func intersection(_ other: Bitmap) -> Bitmap {
        var result = self
        for index in words.indices { result.words[index] &= other.words[index] }
        return result
    }

    /// The bits that the other one does not have.
    func subtracting(_ other: Bitmap) -> Bitmap {
        var result = self
        for index in words.indices { result.words[index] &= ~other.words[index] }
        return result
    }
}
