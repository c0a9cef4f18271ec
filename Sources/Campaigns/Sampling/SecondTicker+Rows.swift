import Checker
import Collector
import EventLoops
import Evidence
import Exchanges
import Generator
import Histograms
import Measurements
import Profiles
import Schedules
import Targets
import Verdicts

/// The rows of seconds and of troughs.
extension SecondTicker {
    private static let ticksBetweenLastFailures = 60

    /// - Parameter isLast: whether it is the end of the run.
    func tick(isLast: Bool) async {
        // Every second has a row, and so has the last part of one.
        if isLast, loop.nowNanoseconds <= lastTime { await loop.sleep(until: lastTime + 1) }
        guard loop.nowNanoseconds > lastTime else { return }
        ticks += 1
        // Only then: writing the last failures every second would fill the disk.
        let withLast = isLast || ticks % Self.ticksBetweenLastFailures == 0
        let seen = await readThreads(isLast: isLast, withLast: withLast)
        let now = loop.nowNanoseconds
        let length = now - lastTime
        let merged = IntervalSnapshot(merging: seen.parts)
        var row = row(merged, seen.loops, at: now)
        row.inFlight = seen.inFlight
        row.target = await target.read()
        let from = seconds(lastTime)
        write { () throws(EvidenceError) in
            try writer.append(row: row)
            for event in notices?.take() ?? [] { try writer.append(event: event) }
            for second in due.take(merged.due, isLast: isLast) { try writer.append(due: second) }
            for silence in silences.take(merged.silences) { try writer.append(silence: silence) }
            for failure in merged.failures { try writer.append(failure: failure) }
            for request in merged.slow { try writer.append(slow: request.record) }
            try writer.append(operations: seen.operations)
            try writer.append(
                interval: merged.histograms, start: from, length: Double(length) / 1e9)
            try writer.flush()
        }
        if let problem = operations.problem { stop(problem) }
        lastTime = now
        report(row, merged.histograms)
        if broken == nil, let found = watch.take(row) { abort(found) }
    }

    /// What the generator's threads recorded and did.
    private struct ReadThreads {
        var parts: [IntervalSnapshot] = []
        var loops: [LoopReading] = []
        var inFlight = 0
        var operations: [Checker.Operation] = []
    }

    /// What each of the generator's threads recorded and did.
    private func readThreads(
        isLast: Bool, withLast: Bool
    ) async -> ReadThreads {
        var read = ReadThreads()
        // The same for all loops, so that they close the same seconds.
        let begin = isLast ? nil : loop.nowNanoseconds
        for (index, thread) in threads.enumerated() {
            let part = await withTaskExecutorPreference(thread.loop) {
                let shard = thread.shard.value
                var reading = thread.meter.value.take(shard.transport.takeStatistics())
                let snapshot = shard.recorder.snapshot(at: begin, withLast: withLast)
                reading.blind = snapshot.blind.isEmpty ? nil : snapshot.blind
                return (snapshot, reading, shard.inFlight, shard.takeOperations())
            }
            read.parts.append(part.0)
            read.loops.append(part.1)
            read.inFlight += part.2
            read.operations += operations.take(part.3, thread: index)
        }
        return read
    }

    /// The row of the second that ends now, without the target.
    private func row(
        _ merged: IntervalSnapshot, _ loops: [LoopReading], at now: UInt64
    ) -> SeriesRow {
        var row = SeriesRow(timeSeconds: seconds(now), phases: enterPhases(at: now))
        lastPhases = row.phases.names
        row.planned = planned.count(until: min(now, stopTime ?? now) - start)
        row.started = merged.counters.started
        let iterations = merged.counters.iterations
        row.iterations = iterations > 0 ? iterations : nil
        row.dropped = merged.counters.dropped
        row.sent = loops.reduce(0) { $0 + ($1.sent ?? 0) }
        row.skipped = merged.counters.skipped
        row.unfed = merged.counters.unfed > 0 ? merged.counters.unfed : nil
        row.counts = merged.counts
        row.failures = merged.failureCounts.isEmpty ? nil : merged.failureCounts
        row.groups = merged.groups.isEmpty ? nil : merged.groups
        row.latency = merged.summary(.latency)
        row.lag = merged.summary(.lag)
        row.generator = ProcessReader.readOwn()
        row.busiestLoop = loops.map(\.busy).max() ?? 0
        row.loops = loops
        row.steal = steal()
        readClock(into: &row)
        return row
    }

    /// Reads target and generator while the target is idle.
    func readTrough(_ entry: TroughCalendar.Entry) async {
        var (requests, inFlight, connections) = (ended, 0, 0)
        for thread in threads {
            let part = await withTaskExecutorPreference(thread.loop) {
                let shard = thread.shard.value
                let open = thread.meter.value.connections(shard.transport.takeStatistics())
                ProcessReader.flushThreadCache()
                return (shard.recorder.ended, shard.inFlight, open)
            }
            requests += part.0
            inFlight += part.1
            connections += part.2
        }
        var trough = Trough(
            timeSeconds: seconds(loop.nowNanoseconds),
            phase: plan.phases[entry.phase].name, round: entry.round, requests: requests,
            inFlight: inFlight, connections: connections)
        trough.target = await target.read(trough: loop)
        ProcessReader.flushThreadCache()
        trough.generator = ProcessReader.readOwn()
        write { () throws(EvidenceError) in try writer.append(trough: trough) }
        let isFirst = plan.phases[entry.phase].isJudged && !heap.hasFirst
        if isFirst || (heap.hasFirst && troughs.nextTime == nil) {
            await heap.look(timeSeconds: trough.timeSeconds, requests: requests)
        }
    }

    /// Writes an event for each phase that has begun; the phases under way, by name.
    private func enterPhases(at now: UInt64) -> [String] {
        let elapsed = now - start
        let spans = plan.schedule.spans
        for (index, span) in spans.enumerated() where span.start <= elapsed {
            guard begun.insert(index).inserted else { continue }
            write { () throws(EvidenceError) in
                try writer.append(
                    event: RunEvent(
                        timeSeconds: Double(span.start) / 1e9, kind: .phase,
                        detail: plan.phases[index].name))
            }
        }
        // The second that ends now belongs to every phase that was under way in it.
        let middle = elapsed - min(elapsed, (now - lastTime) / 2)
        let names = spans.indices.filter { spans[$0].start <= middle && middle < spans[$0].end }
            .map { plan.phases[$0].name }
        return names.isEmpty ? lastPhases : names
    }

    private func steal() -> Double {
        let now = readSteal()
        defer { lastSteal = now }
        guard let now, let last = lastSteal, now.total > last.total else { return 0 }
        return (now.stolen - last.stolen) / (now.total - last.total)
    }

    private func readClock(into row: inout SeriesRow) {
        let now = ClockReader()
        row.clockStepNanoseconds =
            now.realtimeOffsetNanoseconds - lastClock.realtimeOffsetNanoseconds
        row.suspendedNanoseconds = now.bootOffsetNanoseconds - lastClock.bootOffsetNanoseconds
        lastClock = now
    }

    private func report(_ row: SeriesRow, _ histograms: [HistogramKey: Histogram]) {
        for count in row.counts {
            for (outcome, number) in count.outcomes {
                requests += number
                if outcome != .dropped { ended += number }
                if outcome.isFailure { failures += number }
            }
        }
        observe(
            RunProgress(
                row: row, histograms: histograms,
                totalSeconds: Double(plan.schedule.endNanoseconds) / 1e9,
                failures: failures, requests: requests))
    }
}
