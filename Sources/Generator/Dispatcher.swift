import EventLoops
import Profiles
import Schedules

/// Starts a shard's arrivals of the open model, each when it is due; confined to its loop.
///
/// A state machine that its timer calls rather than a task that sleeps, so that nothing lies
/// between the wake-up and the request.
final class Dispatcher: TimerHandler {
    private let shard: Shard
    private let loop: EventLoop
    private var arrivals: Schedule.Iterator
    private let share: Shard.Share
    private let startNanoseconds: UInt64
    /// How long an arrival may wait for others to be served with it.
    private let together: UInt64
    private var next: Arrival?

    init(_ shard: Shard, loop: EventLoop, share: Shard.Share) {
        self.shard = shard
        self.loop = loop
        self.share = share
        startNanoseconds = shard.startNanoseconds
        arrivals = shard.plan.schedule.makeIterator()
        together = shard.plan.pacing == .economical ? 500_000 : 0
        next = nextOwn()
    }

    /// Whether every arrival was started or dropped.
    var isDone: Bool { next == nil }

    /// Starts what is due, and comes back when the next one is.
    func timerFired(at time: UInt64) {
        var now = time
        while let arrival = next, !shard.isStopped {
            let due = startNanoseconds + arrival.dueNanoseconds
            if due > now {
                now = MonotonicClock.nowNanoseconds
                guard due <= now else { return loop.call(self, at: due + together) }
            }
            next = nextOwn()
            shard.start(arrival)
        }
    }

    /// The next arrival that is this shard's.
    private func nextOwn() -> Arrival? {
        while let arrival = arrivals.next() {
            if Int(arrival.number) % share.count == share.index { return arrival }
        }
        return nil
    }
}
