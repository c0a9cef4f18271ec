import EventLoops
import Profiles
import Requests
import Schedules

/// Starts a shard's arrivals of the open model, each when it is due; confined to its loop.
///
/// A state machine that its timer calls rather than a task that sleeps, so that nothing lies
/// between the wake-up and the request.
final class Dispatcher: TimerHandler {
    private let shard: Shard
    private let loop: EventLoop
    private var arrivals: Schedule.Iterator
    private let share: LoadShare
    private let startNanoseconds: UInt64
    /// How long an arrival may wait for others to be served with it.
    private let together: UInt64
    private var next: Arrival?
    /// The one after it.
    private var following: Arrival?

    private static let maximumTogether = 32

    init(_ shard: Shard, loop: EventLoop, share: LoadShare) {
        self.shard = shard
        self.loop = loop
        self.share = share
        startNanoseconds = shard.startNanoseconds
        arrivals = shard.plan.schedule.makeIterator()
        together = shard.plan.pacing == .economical ? 500_000 : 0
        next = nextOwn()
        following = nextOwn()
    }

    /// Whether every arrival was started or dropped.
    var isDone: Bool { next == nil }

    /// Starts the arrivals that are due, and returns when the next one is.
    ///
    /// What becomes due meanwhile, or is more than `maximumTogether`, comes after the answers that
    /// are there to be read: they free the connections that it needs. A loop that is late, and
    /// opens one for each instead, falls further behind.
    func timerFired(at now: UInt64) {
        var left = Self.maximumTogether
        while let arrival = next, !shard.isStopped {
            let due = startNanoseconds + arrival.dueNanoseconds
            if due > now {
                // How many are served together with the next is not known.
                let expected = together > 0 ? nil : following?.dueNanoseconds
                return loop.call(
                    self, at: due + together, expecting: expected.map { startNanoseconds + $0 })
            }
            if left == 0 { return loop.call(self, at: now + 1) }
            left -= 1
            next = following
            following = nextOwn()
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
