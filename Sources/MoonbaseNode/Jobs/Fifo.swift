/// A queue over an array: O(1) in and out, and no more memory than about twice its most.
struct Fifo<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var start = 0

    var isEmpty: Bool { start == elements.count }
    var count: Int { elements.count - start }
    var first: Element? { isEmpty ? nil : elements[start] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer {
            start += 1
            if start == elements.count {
                elements.removeAll(keepingCapacity: elements.capacity <= 64)
                start = 0
            } else if start >= 64, start * 2 >= elements.count {
                elements.removeFirst(start)
                start = 0
            }
        }
        return elements[start]
    }

    /// Everything, in order; the queue is empty then.
    mutating func removeAll() -> [Element] {
        defer {
            elements = []
            start = 0
        }
        return Array(elements[start...])
    }
}
