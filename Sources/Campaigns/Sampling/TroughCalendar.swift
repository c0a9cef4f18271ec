import Profiles

/// When troughs are read: near the end of every round's idle moment.
struct TroughCalendar {
    /// The trough of one round.
    struct Entry: Equatable {
        /// Nanoseconds from the start of the load.
        let time: UInt64
        /// The index of its phase.
        let phase: Int
        /// The round within the phase, from 1.
        let round: Int
    }

    /// In the order of time.
    private var entries: ArraySlice<Entry>

    /// A reading takes a few milliseconds, which the next round must not meet.
    private static let maximumMarginNanoseconds: UInt64 = 200_000_000

    init(_ profile: Profile) {
        var entries: [Entry] = []
        for (index, (phase, span)) in zip(profile.load, profile.spans).enumerated() {
            guard let rounds = phase.rounds else { continue }
            let margin = min(Self.maximumMarginNanoseconds, rounds.idle.nanoseconds * 2 / 5)
            for round in 0..<rounds.count(in: phase.duration) {
                let end = span.start + UInt64(round + 1) * rounds.lengthNanoseconds
                entries.append(Entry(time: end - margin, phase: index, round: round + 1))
            }
        }
        entries.sort { $0.time < $1.time }
        self.entries = entries[...]
    }

    /// When the next trough is to be read; `nil` if none is left.
    var nextTime: UInt64? { entries.first?.time }

    /// Takes the trough that is due at a time.
    mutating func take(at time: UInt64) -> Entry? {
        guard let first = entries.first, first.time <= time else { return nil }
        return entries.removeFirst()
    }
}
