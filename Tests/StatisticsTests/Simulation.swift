@testable import Statistics

/// Seeded repetitions of an experiment.
struct Simulation {
    let seed: UInt64
    let runs: Int

    /// In how many runs something happens.
    func count(_ happens: (inout SeededRandom) throws -> Bool) rethrows -> Int {
        var random = SeededRandom(seed: seed)
        var count = 0
        for _ in 0..<runs where try happens(&random) { count += 1 }
        return count
    }
}

extension SeededRandom {
    /// A whole number from 0 up to `bound`, left out.
    mutating func nextWhole(below bound: Int) -> Int { Int(nextUnit() * Double(bound)) }

    /// Values whose neighbours are alike: a first-order memory of standard deviation 1.
    mutating func nextSeries(_ count: Int, correlation: Double = 0) -> [Double] {
        let fresh = (1 - correlation * correlation).squareRoot()
        var value = nextNormal()
        return (0..<count).map { _ in
            defer { value = correlation * value + fresh * nextNormal() }
            return value
        }
    }
}
