/// Whether one event loop comes round, by looks at it from another thread.
struct LoopWatch {
    /// What is allowed, in nanoseconds.
    struct Allowance: Equatable {
        /// CPU time of one turn.
        var processor: UInt64
        /// Time of one turn.
        var elapsed: UInt64
        /// What follows once that was too long, before the loop is given up.
        var grace: UInt64
    }

    /// What a look has found.
    enum Finding: Equatable {
        /// It works on something that does not end: its connections are to be shut.
        case busy
        /// It has not come round for so many nanoseconds.
        case stuck(UInt64)
        /// Nor did it come round when its connections were shut.
        case lost(UInt64)
    }

    private var rounds: UInt64 = 0
    /// When the present turn was first seen; time in which nobody looked does not count.
    private var since: UInt64 = 0
    private var processorSince: UInt64 = 0
    private var looked: UInt64 = 0
    /// When its connections were first shut in this turn, and the CPU time by then.
    private var shut: (time: UInt64, processor: UInt64)?

    /// Looks further apart have not watched what was between them: the process was stopped, or had
    /// no core.
    private static let longestGapNanoseconds: UInt64 = 500_000_000

    /// Looks at a loop.
    ///
    /// - Parameters:
    ///   - now: monotonic nanoseconds.
    ///   - rounds: as `WatchedLoop` has it.
    ///   - processor: the CPU time of the loop, in nanoseconds.
    ///   - isEnding: whether it is to end now, so that it need not have been stuck for long to be
    ///     given up.
    mutating func look(
        at now: UInt64, rounds: UInt64, processor: UInt64, allowed: Allowance, isEnding: Bool
    ) -> Finding? {
        let gap = looked > 0 ? now - looked : 0
        looked = now
        // An even number is that of a wait.
        guard rounds == self.rounds, rounds % 2 == 1 else {
            (self.rounds, since, processorSince, shut) = (rounds, now, processor, nil)
            return nil
        }
        if gap > Self.longestGapNanoseconds { since += gap }
        let elapsed = now - since
        let isStuck = elapsed >= allowed.elapsed
        guard isStuck || processor - processorSince >= allowed.processor else { return nil }
        guard let shut else {
            shut = (now, processor)
            return isStuck ? .stuck(elapsed) : .busy
        }
        let isLost =
            isEnding
            ? processor - shut.processor >= allowed.grace
            : elapsed >= allowed.elapsed + allowed.grace
        if isLost { return .lost(elapsed) }
        return isStuck ? .stuck(elapsed) : .busy
    }
}
