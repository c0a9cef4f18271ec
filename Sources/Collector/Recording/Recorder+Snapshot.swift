import EventLoops
import Histograms
import Measurements

extension Recorder {
    /// When the last right answer of these operations was done, in nanoseconds from the start of
    /// the load; 0 without one.
    public func lastRight(of operations: [Int]) -> UInt64 {
        settle()
        return operations.reduce(0) { max($0, silences.lastRight(operation: $1)) }
    }

    /// Everything since the last snapshot; O(touched range of the histograms).
    ///
    /// - Parameters:
    ///   - now: the monotonic time, by which those seconds and silences are given that no request
    ///     in flight can change any more; `nil` at the end of the load, for all of them.
    ///   - withLast: whether the last failed request of each kind is in it, too.
    public func snapshot(at now: UInt64? = nil, withLast: Bool = false) -> IntervalSnapshot {
        settle()
        var result = IntervalSnapshot(
            counters: counters, failed: failed.take(withLast: withLast),
            slow: slow.take(withLast: false))
        close(at: now, into: &result)
        counters = Counters()
        for index in cells.indices where cells[index].isUsed {
            take(index, into: &result)
        }
        for index in groupCells.indices where groupCells[index].isUsed {
            takeGroup(index, into: &result)
        }
        result.failureCounts = takeFailureCounts()
        return result
    }

    /// Takes out what no request that is in flight at `now` can change.
    private func close(at now: UInt64?, into result: inout IntervalSnapshot) {
        let waits = timeoutNanoseconds + Self.sweepNanoseconds
        let limit = now.map { time($0) > waits ? time($0) - waits : 0 } ?? .max
        result.due = due.close(before: now == nil ? .max : limit / 1_000_000_000) { cell in
            (phases[cell / operations.count], operations[cell % operations.count])
        }
        result.silences = silences.close(before: limit, isLast: now == nil)
        result.blind = blind
        blind.removeAll(keepingCapacity: true)
    }

    /// A timeout is seen so much late at most, on a loop that comes round.
    private static let sweepNanoseconds: UInt64 = 200_000_000

    private func take(_ index: Int, into result: inout IntervalSnapshot) {
        let phase = phases[index / operations.count]
        let operation = operations[index % operations.count]
        func move(_ histogram: inout Histogram, _ clock: Clock, failed: Bool = false) {
            guard !histogram.isEmpty else { return }
            let key = HistogramKey(
                phase: phase, operation: operation, clock: clock, isFailed: failed)
            result.histograms[key] = histogram.take()
        }
        move(&cells[index].latency, .latency)
        move(&cells[index].service, .service)
        move(&cells[index].lag, .lag)
        move(&cells[index].wait, .wait)
        move(&cells[index].firstByte, .firstByte)
        move(&cells[index].receive, .receive)
        move(&cells[index].failedLatency, .latency, failed: true)
        move(&cells[index].failedService, .service, failed: true)
        if let setup = cells[index].setup {
            move(&setup.resolve, .resolve)
            move(&setup.connect, .connect)
            move(&setup.tls, .tls)
            move(&setup.send, .send)
        }
        let bounds = thresholds[index % operations.count]
        result.counts.append(
            OperationCounts(
                phase: phase, operation: operation,
                outcomes: outcomes(cells[index].outcomes),
                over: Dictionary(
                    uniqueKeysWithValues: zip(bounds.map(String.init), cells[index].over))))
        cells[index].isUsed = false
        for position in cells[index].outcomes.indices { cells[index].outcomes[position] = 0 }
        for position in cells[index].over.indices { cells[index].over[position] = 0 }
    }

    private func takeGroup(_ index: Int, into result: inout IntervalSnapshot) {
        func move(_ histogram: inout Histogram, failed: Bool) {
            guard !histogram.isEmpty else { return }
            let key = HistogramKey(
                phase: phases[index / groups.count], operation: groups[index % groups.count],
                clock: .group, isFailed: failed)
            result.histograms[key] = histogram.take()
        }
        move(&groupCells[index].right, failed: false)
        move(&groupCells[index].failed, failed: true)
        let bounds = groupThresholds[index % groups.count]
        result.groups.append(
            OperationCounts(
                phase: phases[index / groups.count], operation: groups[index % groups.count],
                outcomes: outcomes(groupCells[index].outcomes),
                over: Dictionary(
                    uniqueKeysWithValues: zip(bounds.map(String.init), groupCells[index].over))))
        groupCells[index].isUsed = false
        for position in groupCells[index].outcomes.indices {
            groupCells[index].outcomes[position] = 0
        }
        for position in bounds.indices { groupCells[index].over[position] = 0 }
    }

    private func outcomes(_ counts: [Int]) -> [Outcome: Int] {
        var result: [Outcome: Int] = [:]
        for (outcome, count) in zip(Outcome.allCases, counts) where count > 0 {
            result[outcome] = count
        }
        return result
    }
}
