public import Profiles
import Statistics

/// When each fault of a profile strikes, in order: a pure function of the profile.
public struct FaultSchedule: Sendable, Equatable {
    /// One strike; times in nanoseconds from the load's start.
    public struct Strike: Sendable, Equatable {
        /// Which of the profile's faults it is.
        public let fault: Int
        /// Which of its strikes, from 0.
        public let trial: Int
        /// Whether it changes nothing.
        public let isSham: Bool
        /// When it strikes.
        public let start: UInt64
        /// When it is undone; the same as `start` if it is not held.
        public let end: UInt64
    }

    /// The strikes, in the order in which they begin.
    public let strikes: [Strike]
    /// How many strikes have no place before the load's end.
    public let leftOut: Int

    /// With `every` alone, so many at most.
    private static let maximumTrials = 1000

    /// The schedule of a profile.
    public init(_ profile: Profile) {
        let spans = profile.spans
        let loadEnd = spans.map(\.end).max() ?? 0
        var strikes: [Strike] = []
        var leftOut = 0
        for (index, fault) in profile.faults.enumerated() {
            // Each fault draws for itself: one more in a profile does not move the others.
            var random = SeededRandom(
                seed: profile.seed ^ (0x9E37_79B9_7F4A_7C15 &* UInt64(index + 1)))
            let phase = fault.phase.flatMap { name in
                profile.load.firstIndex { $0.name == name }
            }
            let origin = phase.map { spans[$0].end } ?? 0
            let trials =
                fault.trials.map { $0 + fault.shams }
                ?? (fault.period == nil ? 1 : Self.maximumTrials)
            let shams = Self.shams(fault.shams, of: trials, seed: profile.seed &+ UInt64(index))
            for trial in 0..<trials {
                let drawn = random.nextUnit() * Double(fault.spread.nanoseconds)
                let period = (fault.period ?? .zero).nanoseconds
                let start =
                    origin + fault.start.nanoseconds + UInt64(trial) * period + UInt64(drawn)
                guard start < loadEnd else {
                    leftOut += fault.trials == nil && trial > 0 ? 0 : trials - trial
                    break
                }
                strikes.append(
                    Strike(
                        fault: index, trial: trial, isSham: shams.contains(trial), start: start,
                        end: start + (fault.length ?? .zero).nanoseconds))
            }
        }
        self.strikes = strikes.sorted { ($0.start, $0.fault) < ($1.start, $1.fault) }
        self.leftOut = leftOut
    }

    /// Which strikes change nothing: so many of them, each choice as likely as another.
    private static func shams(_ count: Int, of trials: Int, seed: UInt64) -> Set<Int> {
        var random = SeededRandom(seed: seed ^ 0xD1B5_4A32_D192_ED03)
        var chosen: Set<Int> = []
        for trial in 0..<trials where chosen.count < count {
            let share = Double(count - chosen.count) / Double(trials - trial)
            if random.nextUnit() < share { chosen.insert(trial) }
        }
        return chosen
    }
}
