/// What waits for one of storage's threads, and since when.
///
/// A queue that is only bounded by its length makes everything late once more comes than is
/// served: clients give up, and what is served is of no use to them. This one is bounded by time:
/// while its oldest element has waited too long nothing more is admitted, and who takes elements
/// out is told which of them are too late. Time comes in as an argument.
///
/// - Source: Nichols and Jacobson, "Controlling queue delay", 2012, for time in the queue as the
///   measure; here without its interval, since what is refused costs next to nothing.
struct StorageQueue<Element: Sendable>: Sendable {
    private struct Waiting: Sendable {
        let element: Element
        let since: UInt64
    }

    private var elements = Fifo<Waiting>()
    var isClosed = false
    var threads = 0

    /// What has waited longer is too late.
    static var maximumWaitNanoseconds: UInt64 { 500_000_000 }

    var isEmpty: Bool { elements.isEmpty }
    var count: Int { elements.count }

    private static func isLate(_ waiting: Waiting, at now: UInt64) -> Bool {
        now - min(now, waiting.since) > maximumWaitNanoseconds
    }

    /// Takes an element unless the queue is closed, full or slow; false if it does not.
    mutating func admit(_ element: Element, at now: UInt64, most: Int) -> Bool {
        guard !isClosed, elements.count < most else { return false }
        if let first = elements.first, Self.isLate(first, at: now) { return false }
        append(element, at: now)
        return true
    }

    /// Takes an element in any case.
    mutating func append(_ element: Element, at now: UInt64) {
        elements.append(Waiting(element: element, since: now))
    }

    /// The oldest element, and whether it has waited too long; `nil` if there is none.
    mutating func popFirst(at now: UInt64) -> (element: Element, isLate: Bool)? {
        elements.popFirst().map { ($0.element, Self.isLate($0, at: now)) }
    }
}
