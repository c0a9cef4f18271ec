import EventLoops
import Measurements

/// What a run's faults have to say, on its way to the loop that writes the evidence.
final class FaultNotices: Sendable {
    private let events = Locked<[RunEvent]>([])

    func add(_ event: RunEvent) { events.withLock { $0.append(event) } }

    /// Takes out what has come since the last call, in order.
    func take() -> [RunEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}
