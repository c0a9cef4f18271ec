import Schedules

/// Counts the arrivals of a schedule as their time comes.
struct PlannedCounter {
    private var iterator: Schedule.Iterator
    private var pending: Arrival?

    /// A counter at the start of a schedule.
    init(_ schedule: Schedule) {
        iterator = schedule.makeIterator()
        pending = iterator.next()
    }

    /// The arrivals due before `nanoseconds` from the start that no earlier call has counted.
    mutating func count(until nanoseconds: UInt64) -> Int {
        var count = 0
        while let next = pending, next.dueNanoseconds < nanoseconds {
            count += 1
            pending = iterator.next()
        }
        return count
    }
}
