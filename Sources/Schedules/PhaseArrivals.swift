import Profiles
import Statistics

/// The arrivals of one phase, in the order due; O(1) memory beside a recording.
struct PhaseArrivals {
    private let span: PhaseSpan
    private let source: Source
    private let scenarios: [(index: Int, weight: Int)]
    private let totalWeight: Int
    private var gaps: Gaps
    private var draws: SeededRandom
    private var consumed = 0.0
    private var position = 0

    private enum Source {
        case intensity(any Intensity)
        /// Nanoseconds from the phase's start, ascending.
        case recording([UInt64])
        case none
    }

    /// The arrivals of `profile.load[phase]`; `recording` is that of a replay.
    init(_ profile: Profile, phase index: Int, span: PhaseSpan, recording: [UInt64]?) {
        let phase = profile.load[index]
        self.span = span
        // Streams of their own for each phase: a phase keeps its arrivals when another changes.
        let step: UInt64 = 0x9E37_79B9_7F4A_7C15
        source =
            phase.model.intensity(in: phase).map { .intensity($0) }
            ?? recording.map { .recording($0) } ?? .none
        gaps = Gaps(
            phase.model.arrivals ?? .constant, seed: profile.seed &+ UInt64(2 * index + 1) &* step)
        draws = SeededRandom(seed: profile.seed &+ UInt64(2 * index + 2) &* step)
        scenarios = profile.scenarios.enumerated()
            .filter { phase.scenarios.isEmpty || phase.scenarios.contains($0.element.name) }
            .map { ($0.offset, $0.element.weight) }
        totalWeight = scenarios.reduce(0) { $0 + $1.weight }
        consumed = gaps.first()
    }

    /// When the next arrival is due, in nanoseconds from the start of the load, and its scenario.
    mutating func next() -> (due: UInt64, scenario: Int)? {
        guard let offset = nextOffset(), span.start + offset < span.end else { return nil }
        return (span.start + offset, drawScenario())
    }

    private mutating func nextOffset() -> UInt64? {
        switch source {
        case .intensity(let intensity):
            guard consumed < intensity.total else { return nil }
            let seconds = intensity.secondsAt(consumed)
            consumed += gaps.next()
            return UInt64((seconds * 1e9).rounded())
        case .recording(let offsets):
            guard position < offsets.count else { return nil }
            position += 1
            return offsets[position - 1]
        case .none: return nil
        }
    }

    private mutating func drawScenario() -> Int {
        guard scenarios.count > 1 else { return scenarios.first?.index ?? 0 }
        var left = Int(draws.nextUnit() * Double(totalWeight))
        for (index, weight) in scenarios {
            left -= weight
            if left < 0 { return index }
        }
        return scenarios[scenarios.count - 1].index
    }
}
