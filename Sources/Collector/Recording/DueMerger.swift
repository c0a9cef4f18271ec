public import Measurements

/// Puts together what was due in each second on every loop, and keeps the tenths that matter.
///
/// Of the tenths it keeps those in which a request failed or was slow, and those with requests just
/// before and after, which say when all was well. So a second is given away once the next is known.
public struct DueMerger {
    private struct Key: Hashable {
        let phase: String
        let operation: String
    }

    private var held: [Int: [DueSecond]] = [:]
    /// Where the latest requests that were due were not all right and in time.
    private var endedBad: Set<Key> = []
    /// Seconds before this one were given away.
    private var next = 0

    /// Nothing yet.
    public init() {}

    /// Takes closed seconds of any loops, with all their tenths, and gives those that are complete;
    /// at the end of the load, all.
    public mutating func take(_ parts: [DueSecond], isLast: Bool) -> [DueSecond] {
        // What comes too late for its second has a line of its own.
        var complete = DueSecond.merged(parts.filter { $0.second < next })
            .map { trimmed($0, afterBad: false, beforeBad: false) }
        for part in parts where part.second >= next { held[part.second, default: []].append(part) }
        guard let newest = held.keys.max() else { return complete }
        for second in held.keys.sorted() where second < newest || isLast {
            let following = DueSecond.merged(held[second + 1] ?? [])
            for whole in DueSecond.merged(held[second] ?? []) {
                complete.append(trimmed(whole, following))
            }
            held[second] = nil
            next = second + 1
        }
        return complete
    }

    private mutating func trimmed(_ whole: DueSecond, _ following: [DueSecond]) -> DueSecond {
        let key = Key(phase: whole.phase, operation: whole.operation)
        let after = following.first {
            $0.phase == whole.phase && $0.operation == whole.operation
        }
        let beforeBad = after?.slots?.first.map { $0.bad > 0 } ?? false
        let result = trimmed(whole, afterBad: endedBad.contains(key), beforeBad: beforeBad)
        if let last = whole.slots?.last {
            if last.bad > 0 { endedBad.insert(key) } else { endedBad.remove(key) }
        }
        return result
    }

    private func trimmed(_ whole: DueSecond, afterBad: Bool, beforeBad: Bool) -> DueSecond {
        let slots = whole.slots ?? []
        let kept = slots.indices.filter { index in
            slots[index].bad > 0
                || (index > 0 ? slots[index - 1].bad > 0 : afterBad)
                || (index + 1 < slots.count ? slots[index + 1].bad > 0 : beforeBad)
        }
        var result = whole
        result.slots = kept.isEmpty ? nil : kept.map { slots[$0] }
        return result
    }
}
