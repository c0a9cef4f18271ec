public import Profiles
import Statistics

/// Every arrival of a profile's open phases, in the order due: a pure function of the profile.
///
/// The same seed gives the same due times and the same scenarios, to the nanosecond, whatever the
/// number of generator threads.
public struct Schedule: Sequence, Sendable {
    private let phases: [Phase]
    private let weights: [Int]
    private let seed: UInt64

    /// The schedule of a profile.
    public init(_ profile: Profile) {
        phases = profile.load
        weights = profile.scenarios.map(\.weight)
        seed = profile.seed
    }

    /// When each phase begins, and after the last of them when the load ends, in nanoseconds.
    public var boundaries: [UInt64] {
        phases.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.duration.nanoseconds) }
    }

    /// An iterator from the first arrival; O(1) memory.
    public func makeIterator() -> Iterator {
        Iterator(phases: phases, boundaries: boundaries, weights: weights, seed: seed)
    }

    /// Goes through the arrivals; O(1) each, but for the draw among the scenarios, O(scenarios).
    public struct Iterator: IteratorProtocol {
        private let phases: [Phase]
        private let boundaries: [UInt64]
        private let weights: [Int]
        private let totalWeight: Int
        private let seed: UInt64
        private var phase = -1
        private var intensity: Intensity?
        private var arrivals = Arrivals.constant
        private var consumed = 0.0
        private var gaps: SeededRandom
        private var draws: SeededRandom
        private var number: UInt64 = 0

        init(phases: [Phase], boundaries: [UInt64], weights: [Int], seed: UInt64) {
            self.phases = phases
            self.boundaries = boundaries
            self.weights = weights
            self.seed = seed
            totalWeight = weights.reduce(0, +)
            gaps = SeededRandom(seed: seed)
            draws = SeededRandom(seed: seed)
        }

        /// The next arrival, due no earlier than the one before.
        public mutating func next() -> Arrival? {
            while true {
                if let due = nextInPhase() {
                    defer { number += 1 }
                    return Arrival(
                        dueNanoseconds: due, phase: phase, scenario: drawScenario(),
                        number: number)
                }
                guard phase + 1 < phases.count else { return nil }
                phase += 1
                enterPhase()
            }
        }

        private mutating func enterPhase() {
            consumed = 0
            intensity = Intensity(phases[phase])
            // Streams of their own for each phase: a phase keeps its arrivals when another changes.
            gaps = SeededRandom(seed: seed &+ UInt64(2 * phase + 1) &* 0x9E37_79B9_7F4A_7C15)
            draws = SeededRandom(seed: seed &+ UInt64(2 * phase + 2) &* 0x9E37_79B9_7F4A_7C15)
            arrivals = intensity?.arrivals ?? .constant
            // The first arrival of even spacing is due at once, a Poisson arrival after its gap.
            if arrivals == .poisson { consumed = gaps.nextExponential() }
        }

        private mutating func nextInPhase() -> UInt64? {
            guard let intensity, consumed < intensity.total else { return nil }
            let offset = intensity.secondsAt(consumed)
            consumed += arrivals == .poisson ? gaps.nextExponential() : 1
            let due = boundaries[phase] + UInt64((offset * 1e9).rounded())
            return due < boundaries[phase + 1] ? due : nil
        }

        private mutating func drawScenario() -> Int {
            guard weights.count > 1 else { return 0 }
            var left = Int(draws.nextUnit() * Double(totalWeight))
            for (index, weight) in weights.enumerated() {
                left -= weight
                if left < 0 { return index }
            }
            return weights.count - 1
        }
    }
}
