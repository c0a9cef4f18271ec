/// What waits for a time, as suspended tasks: a binary heap, O(log n) in and out.
///
/// Confined to its loop; tasks as `UnsafeContinuation`, because a checked one allocates.
struct TimerQueue<Element> {
    private struct Entry {
        let deadline: UInt64
        let order: UInt64
        let element: Element

        func isBefore(_ other: Entry) -> Bool {
            deadline == other.deadline ? order < other.order : deadline < other.deadline
        }
    }

    private var heap = ContiguousArray<Entry>()
    private var nextOrder: UInt64 = 0

    /// The earliest deadline in nanoseconds; `nil` if nothing waits.
    var earliest: UInt64? { heap.first?.deadline }

    mutating func insert(_ element: Element, deadline: UInt64) {
        heap.append(Entry(deadline: deadline, order: nextOrder, element: element))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the earliest entry if it is due at `now`.
    mutating func popDue(at now: UInt64) -> Element? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return first.element
    }
}
