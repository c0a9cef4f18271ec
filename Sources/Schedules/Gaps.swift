import Profiles
import Statistics

/// How far apart arrivals are, in units of expected arrivals.
struct Gaps {
    private let arrivals: Arrivals
    private var random: SeededRandom

    init(_ arrivals: Arrivals, seed: UInt64) {
        self.arrivals = arrivals
        random = SeededRandom(seed: seed)
    }

    /// The first arrival of even spacing is due at once, a Poisson arrival after its gap.
    mutating func first() -> Double { arrivals == .poisson ? random.nextExponential() : 0 }

    mutating func next() -> Double { arrivals == .poisson ? random.nextExponential() : 1 }
}
