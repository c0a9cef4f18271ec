import Measurements
import Profiles

/// What was due of one operation, in the tenths of a second in which something went wrong.
struct DueTenths {
    /// A tenth of a second; due times are in seconds from the start of the load.
    struct Tenth {
        /// Its number from the start of the load.
        let index: Int
        var total = 0
        /// Requests that failed or, where latency is bounded, were slow.
        var bad = 0
        /// Those of them that failed.
        var failed = 0
        var firstBad = Double.infinity
        var lastBad = -Double.infinity
        var firstGood = Double.infinity
        var lastGood = -Double.infinity

        /// Whether at least half of its requests went wrong.
        var isFailing: Bool { bad > 0 && 2 * bad >= total }
        /// Whether what went wrong was due after all that went well.
        var endsBad: Bool { bad > 0 && lastGood < firstBad }
        /// Whether what went wrong was due before all that went well.
        var beginsBad: Bool { bad > 0 && lastBad < firstGood }
    }

    /// Consecutive tenths that fail, by their indices in `listed`.
    struct Run {
        var range: ClosedRange<Int>
        var total: Int
        var bad: Int
    }

    /// Those that went wrong, with their neighbours, in order.
    let listed: [Tenth]
    /// Requests in all.
    let total: Int
    /// Those of them that went wrong.
    let bad: Int
    /// The seconds in which requests were due that are in none of the listed tenths, so that all
    /// of them went well; ascending.
    private let goodSeconds: [Int]

    /// The tenths of an operation, from the lines of its judged phases.
    ///
    /// - Parameter countsSlow: whether a slow answer is one that went wrong.
    init(_ lines: [DueSecond], countsSlow: Bool) {
        var tenths: [Int: Tenth] = [:]
        var good: Set<Int> = []
        (total, bad) = lines.reduce(into: (0, 0)) { sums, line in
            var listed = 0
            sums.0 += line.total
            for slot in line.slots ?? [] {
                let index = line.second * 10 + slot.tenth
                tenths[index, default: Tenth(index: index)].add(slot, countsSlow: countsSlow)
                sums.1 += slot.failed + (countsSlow ? slot.slow : 0)
                listed += slot.total
            }
            if line.total > listed { good.insert(line.second) }
        }
        listed = tenths.values.sorted { $0.index < $1.index }
        goodSeconds = good.sorted()
    }

    /// What was due of several operations together.
    init(together parts: [DueTenths]) {
        var tenths: [Int: Tenth] = [:]
        for tenth in parts.flatMap(\.listed) {
            tenths[tenth.index, default: Tenth(index: tenth.index)].add(tenth)
        }
        listed = tenths.values.sorted { $0.index < $1.index }
        total = parts.reduce(0) { $0 + $1.total }
        bad = parts.reduce(0) { $0 + $1.bad }
        // What is good of one operation may be bad of another.
        let wrong = Set(listed.lazy.filter { $0.bad > 0 }.map { $0.index / 10 })
        goodSeconds = Set(parts.flatMap(\.goodSeconds)).subtracting(wrong).sorted()
    }

    /// Whether a slow answer of an operation counts as one that went wrong: a latency objective of
    /// the profile is about it, and its threshold is the one that the run was counted by.
    static func countsSlow(_ operation: String, _ lines: [DueSecond], _ profile: Profile) -> Bool {
        let asked = profile.objectives.filter {
            $0.operation == nil || $0.operation == operation
        }.compactMap(\.thresholdNanoseconds).min()
        let counted = lines.lazy.compactMap { $0.over.keys.compactMap(UInt64.init).min() }.first
        return asked != nil && asked == counted
    }

    // MARK: Failing stretches

    /// Stretches of tenths in which at least half of the requests went wrong, and two in all.
    var runs: [Run] {
        var runs: [Run] = []
        var current: Run?
        for (position, tenth) in listed.enumerated() {
            if let run = current, !tenth.isFailing || hasGood(between: position - 1, position) {
                runs.append(run)
                current = nil
            }
            guard tenth.isFailing else { continue }
            let before = current ?? Run(range: position...position, total: 0, bad: 0)
            current = Run(
                range: before.range.lowerBound...position, total: before.total + tenth.total,
                bad: before.bad + tenth.bad)
        }
        if let current { runs.append(current) }
        return runs.filter { $0.bad >= 2 }
    }

    /// Whether a whole second lies between two listed tenths in which requests went well.
    private func hasGood(between one: Int, _ other: Int) -> Bool {
        let (from, end) = (listed[one].index / 10, listed[other].index / 10)
        return goodSeconds.contains { from < $0 && $0 < end }
    }

    /// The outage that a stretch is, by the due times at its edges; `start` is the begin of what is
    /// judged.
    func outage(_ run: Run, start: Double) -> Outage {
        let (first, last) = (run.range.lowerBound, run.range.upperBound)
        var outage = Outage(
            firstBad: listed[first].firstBad, lastGoodBefore: start, lastBad: listed[last].lastBad)
        begin(&outage, first)
        end(&outage, last)
        return outage
    }

    private func begin(_ outage: inout Outage, _ first: Int) {
        let tenth = listed[first]
        if tenth.firstGood < tenth.firstBad {
            outage.lastGoodBefore = tenth.endsBad ? tenth.lastGood : tenth.firstGood
            return
        }
        if first > 0 {
            let before = listed[first - 1]
            if before.endsBad { outage.firstBad = min(outage.firstBad, before.firstBad) }
            if before.lastGood < outage.firstBad {
                outage.lastGoodBefore = max(outage.lastGoodBefore, before.lastGood)
            }
        }
        if let second = goodSeconds.last(where: { Double($0 + 1) <= outage.firstBad }) {
            outage.lastGoodBefore = max(outage.lastGoodBefore, Double(second))
        }
    }

    private func end(_ outage: inout Outage, _ last: Int) {
        let tenth = listed[last]
        if tenth.lastGood > tenth.lastBad {
            outage.firstGoodAfter = tenth.beginsBad ? tenth.firstGood : tenth.lastGood
            return
        }
        var found = Double.infinity
        if last + 1 < listed.count {
            let after = listed[last + 1]
            if after.beginsBad { outage.lastBad = max(outage.lastBad, after.lastBad) }
            if after.firstGood > outage.lastBad { found = after.firstGood }
        }
        // Of the same second, the next tenth in use is listed.
        if let second = goodSeconds.first(where: { Double($0) > outage.lastBad }) {
            found = min(found, Double(second + 1))
        }
        outage.firstGoodAfter = found < .infinity ? found : nil
    }
}

extension DueTenths.Tenth {
    /// Adds what was due in it of another operation.
    fileprivate mutating func add(_ other: Self) {
        total += other.total
        bad += other.bad
        failed += other.failed
        firstBad = min(firstBad, other.firstBad)
        lastBad = max(lastBad, other.lastBad)
        firstGood = min(firstGood, other.firstGood)
        lastGood = max(lastGood, other.lastGood)
    }

    /// Adds what was due in it in one phase.
    fileprivate mutating func add(_ slot: DueSlot, countsSlow: Bool) {
        func seconds(_ nanoseconds: UInt64?) -> Double? { nanoseconds.map { Double($0) / 1e9 } }
        let wrong = slot.failed + (countsSlow ? slot.slow : 0)
        total += slot.total
        bad += wrong
        failed += slot.failed
        let bads = [seconds(slot.firstBadNanoseconds), seconds(slot.lastBadNanoseconds)]
        let goods = [seconds(slot.firstGoodNanoseconds), seconds(slot.lastGoodNanoseconds)]
        // Where nothing failed and slow answers do not count, all of it went well.
        let well = (goods + (wrong == 0 ? bads : [])).compactMap(\.self)
        firstGood = min(firstGood, well.min() ?? .infinity)
        lastGood = max(lastGood, well.max() ?? -.infinity)
        guard wrong > 0 else { return }
        firstBad = min(firstBad, bads[0] ?? .infinity)
        lastBad = max(lastBad, bads[1] ?? -.infinity)
    }
}
