/// Random numbers that a seed fixes on every machine: xoshiro256**, seeded by SplitMix64.
///
/// - Source: Blackman & Vigna 2018, prng.di.unimi.it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The sequence of a seed.
    public init(seed: UInt64) {
        var mixed = seed
        func next() -> UInt64 {
            mixed &+= 0x9E37_79B9_7F4A_7C15
            var z = mixed
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
        state = (next(), next(), next(), next())
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        let result = rotated(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, by: 45)
        return result
    }

    /// A number in [0, 1), of 53 bits.
    public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// An exponential value of mean 1, above 0.
    public mutating func nextExponential() -> Double {
        // 1 - u is in (0, 1], so the logarithm is finite.
        -Double.logOnePlus(-nextUnit())
    }

    /// A number from a range, its upper end left out.
    public mutating func nextUniform(in range: Range<Double>) -> Double {
        // Rounding may reach the upper end.
        min(
            range.lowerBound + (range.upperBound - range.lowerBound) * nextUnit(),
            range.upperBound.nextDown)
    }

    /// A normal value of mean 0 and standard deviation 1.
    ///
    /// One draw each, by the inverse of the distribution.
    public mutating func nextNormal() -> Double {
        // The middle of one of 2^53 equal parts of (0, 1), so that it is never 0 or 1.
        NormalDistribution.quantile((Double(next() >> 11) + 0.5) * 0x1p-53)
    }

    /// How many trials go by before the first that happens, each with a probability above 0.
    ///
    /// - Returns: from 0; at most 2^53.
    public mutating func nextGap(_ probability: Double) -> Int {
        precondition(probability > 0 && probability <= 1, "\(probability)")
        if probability == 1 { return 0 }
        return Int(min(nextExponential() / -Double.logOnePlus(-probability), 0x1p53))
    }

    /// How many of `trials` happen, each with this probability.
    ///
    /// O(trials * probability), or of the rarer of the two outcomes.
    public mutating func nextBinomial(_ trials: Int, _ probability: Double) -> Int {
        precondition(trials >= 0 && (0...1).contains(probability), "\(trials), \(probability)")
        if probability > 0.5 { return trials - nextBinomial(trials, 1 - probability) }
        guard probability > 0 else { return 0 }
        var count = 0
        var place = nextGap(probability)
        while place < trials {
            count += 1
            place += 1 + nextGap(probability)
        }
        return count
    }

    private func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }
}
