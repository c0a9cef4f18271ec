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

    /// How many of `trials` happen, each with this probability.
    mutating func nextBinomial(_ trials: Int, _ probability: Double) -> Int {
        // From one that happens to the next is a geometric number of trials.
        var (count, place) = (-1, 0.0)
        let scale = -Double.logOnePlus(-probability)
        repeat {
            count += 1
            place += (nextExponential() / scale).rounded(.down) + 1
        } while place <= Double(trials)
        return count
    }

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
