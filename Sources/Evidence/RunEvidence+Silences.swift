public import Measurements

extension RunEvidence {
    /// When the target gave no right answer of an operation to any generator thread for at least
    /// 100 ms, although one had a request waiting; in order.
    ///
    /// A thread without a request of the operation in flight does not count. `loop` is 0 in all.
    ///
    /// O(n log n) in the silences of the operation.
    public func silences(of operation: String) -> [Silence] {
        let own = silences.filter { $0.operation == operation }
        guard !own.isEmpty else { return [] }
        var common = Self.ordered(own, loop: 0)
        for loop in 1..<max(1, description.threads) {
            common = Self.intersection(common, Self.ordered(own, loop: loop))
        }
        return common.filter { silence in
            guard let due = silence.dueNanoseconds,
                let end = silence.toNanoseconds ?? silence.lastNanoseconds
            else { return false }
            return end >= due + Silence.shortestNanoseconds
        }.map { silence in
            var silence = silence
            silence.loop = 0
            return silence
        }
    }

    private static func ordered(_ silences: [Silence], loop: Int) -> [Silence] {
        silences.filter { $0.loop == loop }.sorted { $0.fromNanoseconds < $1.fromNanoseconds }
    }

    /// What two threads' silences have in common; those of one do not overlap.
    private static func intersection(_ one: [Silence], _ other: [Silence]) -> [Silence] {
        var common: [Silence] = []
        var (left, right) = (0, 0)
        while left < one.count, right < other.count {
            if let both = one[left].intersection(other[right]) { common.append(both) }
            if one[left].toNanoseconds ?? .max < other[right].toNanoseconds ?? .max {
                left += 1
            } else {
                right += 1
            }
        }
        return common
    }
}
