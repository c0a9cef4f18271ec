import Measurements
import Statistics

/// What was due in each second of a sample, over its phases and operations.
struct DueSeconds {
    /// Every second from 0 to the last one.
    private(set) var seconds: [ObjectiveSample.Second] = []
    /// By second, the tenths in which something counts.
    private var tenths: [Int: [DueSlot]] = [:]
    /// By second, about how many requests were due in each of its tenths; of seconds with tenths.
    private var totals: [Int: [Double]] = [:]
    private let hasThreshold: Bool

    /// `nil` if a second has no exact counter for the threshold.
    init?(_ due: [DueSecond], threshold: UInt64?) {
        hasThreshold = threshold != nil
        for part in due {
            while seconds.count <= part.second {
                let start = Double(seconds.count)
                seconds.append(ObjectiveSample.Second(start: start, end: start + 1))
            }
            seconds[part.second].total += part.total
            seconds[part.second].failures += part.failed
            if let threshold {
                guard let over = part.over[String(threshold)] else { return nil }
                seconds[part.second].slow.least += over
                seconds[part.second].slow.most += over
            }
            for slot in part.slots ?? [] { add(slot, to: part.second) }
        }
        for part in due where tenths[part.second] != nil { spread(part) }
        for index in seconds.indices {
            seconds[index].answers = seconds[index].total - seconds[index].failures
        }
    }

    /// Requests of an operation's tenths are known, the others lie evenly in the rest of the
    /// second.
    private mutating func spread(_ part: DueSecond) {
        var own = totals[part.second] ?? [Double](repeating: 0, count: 10)
        let slots = part.slots ?? []
        let left = max(0, part.total - slots.reduce(0) { $0 + $1.total })
        for tenth in 0..<10 {
            own[tenth] +=
                slots.first { $0.tenth == tenth }.map { Double($0.total) }
                ?? Double(left) / Double(max(1, 10 - slots.count))
        }
        totals[part.second] = own
    }

    private mutating func add(_ slot: DueSlot, to second: Int) {
        var own = tenths[second] ?? []
        if let index = own.firstIndex(where: { $0.tenth == slot.tenth }) {
            own[index].add(slot)
        } else {
            own.append(slot)
        }
        tenths[second] = own
    }

    /// What counts of a tenth: failures, and slow answers if the objective bounds latency.
    private func count(_ slot: DueSlot) -> Int { hasThreshold ? slot.bad : slot.failed }

    /// The judged seconds, those in which something counts by tenths.
    ///
    /// The tenths say what is slow by the tightest threshold, so that a second whose tenths hold
    /// another number than the second itself is left whole.
    func cells(from judged: [ObjectiveSample.Second]) -> [FailingStretches.Cell] {
        judged.flatMap { second -> [FailingStretches.Cell] in
            let whole = FailingStretches.Cell(
                start: second.start, end: second.end, total: second.total,
                failed: min(second.total, second.failures + (hasThreshold ? second.slow.least : 0)))
            guard second.start == second.start.rounded(.down), second.end == second.start + 1,
                let slots = tenths[Int(clamping: second.start)],
                let totals = totals[Int(clamping: second.start)],
                slots.reduce(0, { $0 + count($1) }) == whole.failed
            else { return [whole] }
            return (0..<10).map { tenth in
                let start = second.start + Double(tenth) / 10
                let failed = slots.first { $0.tenth == tenth }.map(count) ?? 0
                return FailingStretches.Cell(
                    start: start, end: start + 0.1,
                    total: max(failed, Int(clamping: totals[tenth].rounded())), failed: failed)
            }
        }
    }

    /// The first and the last due time of what counts in each tenth, in seconds, ascending.
    var badTimes: [Double] {
        tenths.values.flatMap { $0 }.filter { count($0) > 0 }
            .flatMap { slot in
                [slot.firstBadNanoseconds, slot.lastBadNanoseconds].compactMap(\.self)
            }
            .map { Double($0) / 1e9 }.sorted()
    }
}
