public import Profiles
import Statistics

/// Every arrival of a profile's open phases, in the order due: a pure function of the profile.
///
/// The same seed gives the same due times and the same scenarios, to the nanosecond, whatever the
/// number of generator threads.
public struct Schedule: Sequence, Sendable {
    /// The due times that replays take, in nanoseconds from the start of their phase, ascending; by
    /// the name of the phase.
    public typealias Recordings = [String: [UInt64]]

    private let profile: Profile
    private let recordings: Recordings
    /// When each phase goes on.
    public let spans: [PhaseSpan]

    /// The schedule of a profile; a replay without its recording has no arrivals.
    public init(_ profile: Profile, recordings: Recordings = [:]) {
        self.profile = profile
        self.recordings = recordings
        spans = profile.spans
    }

    /// How many arrivals each phase has of each scenario, in the profile's order of both.
    ///
    /// Counted, or where that would take minutes, as many as the rates and weights come to.
    public var arrivalsByPhase: [[Int]] {
        var counts = profile.load.map { _ in profile.scenarios.map { _ in 0 } }
        let expected = profile.load.map { phase in
            phase.model.intensity(in: phase)?.total
                ?? Double(recordings[phase.name]?.count ?? 0)
        }
        guard expected.reduce(0, +) > Self.maximumCounted else {
            for arrival in self { counts[arrival.phase][arrival.scenario] += 1 }
            return counts
        }
        for (index, phase) in profile.load.enumerated() {
            let drawn = profile.scenarios.indices.filter {
                phase.scenarios.isEmpty || phase.scenarios.contains(profile.scenarios[$0].name)
            }
            let weights = drawn.reduce(0) { $0 + profile.scenarios[$1].weight }
            for scenario in drawn {
                let share = Double(profile.scenarios[scenario].weight) / Double(weights)
                counts[index][scenario] = Int(clamping: (expected[index] * share).rounded())
            }
        }
        return counts
    }

    /// Some ten seconds of counting.
    private static let maximumCounted = 1e8

    /// When the load ends, in nanoseconds from its start.
    public var endNanoseconds: UInt64 { spans.map(\.end).max() ?? 0 }

    /// An iterator from the first arrival; O(phases) memory beside the recordings.
    public func makeIterator() -> Iterator {
        Iterator(
            spans.indices.map { index in
                PhaseArrivals(
                    profile, phase: index, span: spans[index],
                    recording: recordings[profile.load[index].name])
            })
    }

    /// Goes through the arrivals: O(phases that overlap) each, and the draw among the scenarios.
    public struct Iterator: IteratorProtocol {
        private var phases: [PhaseArrivals]
        /// The next arrival of each phase that still has one, with the phase's index.
        private var pending: [(due: UInt64, scenario: Int, phase: Int)] = []
        private var number: UInt64 = 0

        init(_ phases: [PhaseArrivals]) {
            self.phases = phases
            for index in phases.indices {
                if let first = self.phases[index].next() {
                    pending.append((first.due, first.scenario, index))
                }
            }
        }

        /// The next arrival, due no earlier than the one before; of two at once, the one of the
        /// phase that stands first.
        public mutating func next() -> Arrival? {
            guard var least = pending.indices.first else { return nil }
            for index in pending.indices where pending[index].due < pending[least].due {
                least = index
            }
            let (due, scenario, phase) = pending[least]
            if let next = phases[phase].next() {
                pending[least] = (next.due, next.scenario, phase)
            } else {
                pending.remove(at: least)
            }
            defer { number += 1 }
            return Arrival(dueNanoseconds: due, phase: phase, scenario: scenario, number: number)
        }
    }
}
