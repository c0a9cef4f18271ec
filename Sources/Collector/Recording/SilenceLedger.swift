import Measurements

/// When one loop had no right answer of each operation; confined to its loop.
///
/// It learns of a request when that ends, and a request that is answered late may have waited
/// longer than the one that ended the silence. So a silence is given away only once no request can
/// be in flight any more that waited in it.
struct SilenceLedger {
    private struct Gap {
        let from: UInt64
        /// The earliest due time since `from` of what waited until the end; the end itself where
        /// nothing did.
        var due: UInt64
        let to: UInt64
        /// The time in it in which something waited that failed before the end; 0 where nothing
        /// did.
        let waitStart: UInt64
        let waitEnd: UInt64

        /// Something that was due at `time` waited until the end.
        mutating func reach(_ time: UInt64) {
            due = min(due, time)
            if due <= waitEnd { due = min(due, waitStart) }
        }
    }

    private struct State {
        /// When the last right answer was done.
        var lastRight: UInt64 = 0
        /// The time since then in which something waited that failed; its end is 0 where nothing
        /// did.
        var waitStart: UInt64 = 0
        var waitEnd: UInt64 = 0
        /// The end of the latest gap.
        var lastGapEnd: UInt64 = 0
        var gaps: [Gap] = []

        @inline(__always)
        mutating func right(_ due: UInt64, _ done: UInt64) {
            if due < lastGapEnd { reachBack(due) }
            if done > lastRight {
                if done &- lastRight >= Silence.shortestNanoseconds { end(due, done) }
                lastRight = done
            }
            waitEnd = 0
        }

        /// The silence has ended with the answer to a request.
        @inline(never)
        private mutating func end(_ due: UInt64, _ done: UInt64) {
            var gap = Gap(
                from: lastRight, due: done, to: done, waitStart: waitStart, waitEnd: waitEnd)
            if due >= lastRight {
                gap.reach(due)
            } else if waitEnd > 0 {
                // It waited all the time but from before, so it may be stuck alone.
                gap.reach(waitStart)
            }
            gaps.append(gap)
            lastGapEnd = done
        }

        @inline(never)
        mutating func failed(_ due: UInt64, _ done: UInt64) {
            if due < lastGapEnd { reachBack(due) }
            guard due >= lastRight else { return }
            if waitEnd > 0, due <= waitEnd {
                waitStart = min(waitStart, due)
                waitEnd = max(waitEnd, done)
            } else {
                (waitStart, waitEnd) = (due, done)
            }
        }

        /// What was due before the end of a gap and ends only now waited in it.
        @inline(never)
        private mutating func reachBack(_ due: UInt64) {
            for index in gaps.indices.reversed() {
                guard due < gaps[index].to else { return }
                if due >= gaps[index].from { gaps[index].reach(due) }
            }
        }
    }

    private let operations: [String]
    private var states: ContiguousArray<State>

    init(operations: [String]) {
        self.operations = operations
        states = ContiguousArray(repeating: State(), count: operations.count)
    }

    /// A request was answered right; times are from the start of the load.
    @inline(__always)
    mutating func right(due: UInt64, done: UInt64, operation: Int) {
        states[operation].right(due, done)
    }

    /// A request has failed; in the order of `done` with those that were answered right.
    mutating func failed(due: UInt64, done: UInt64, operation: Int) {
        states[operation].failed(due, done)
    }

    /// When the last right answer of an operation was done; 0 without one.
    func lastRight(operation: Int) -> UInt64 { states[operation].lastRight }

    /// Takes out every silence that ended before `limit` or, at the end of the load, all of them
    /// with the one that goes on.
    mutating func close(before limit: UInt64, isLast: Bool) -> [Silence] {
        var closed: [Silence] = []
        for index in states.indices {
            let ended = states[index].gaps.prefix { $0.to < limit || isLast }
            for gap in ended {
                let isWaiting = gap.to - gap.due >= Silence.shortestNanoseconds
                closed.append(
                    Silence(
                        loop: 0, operation: operations[index], fromNanoseconds: gap.from,
                        dueNanoseconds: isWaiting ? gap.due : nil, toNanoseconds: gap.to))
            }
            states[index].gaps.removeFirst(ended.count)
            if isLast { closed.append(open(states[index], operations[index])) }
        }
        return closed
    }

    private func open(_ state: State, _ operation: String) -> Silence {
        var silence = Silence(
            loop: 0, operation: operation, fromNanoseconds: state.lastRight, dueNanoseconds: nil,
            toNanoseconds: nil)
        if state.waitEnd >= state.waitStart + Silence.shortestNanoseconds {
            silence.dueNanoseconds = state.waitStart
            silence.lastNanoseconds = state.waitEnd
        }
        return silence
    }
}
