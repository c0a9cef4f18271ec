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

/// Once a second: what the loops recorded and what the processes use, into the evidence.
///
/// Confined to the control loop.
final class SecondTicker {
    private let loop: EventLoop
    private let shards: [(loop: EventLoop, shard: LoopBound<Shard>)]
    private let plan: GeneratorPlan
    private let writer: EvidenceWriter
    private let start: UInt64
    private let target: TargetReader
    private let observe: @Sendable (RunProgress) -> Void
    private var planned: PlannedCounter
    private var lastTime: UInt64
    private let meters: [LoopBound<LoopMeter>]
    private let readSteal: @Sendable () -> (stolen: Double, total: Double)?
    private var lastSteal: (stolen: Double, total: Double)?
    private var lastClock = ClockReader()
    /// When the load was told to stop, so that nothing later counts as planned.
    private var stopTime: UInt64?
    /// The phases that have begun, by index.
    private var begun: Set<Int> = []
    private var lastPhase = ""
    private var watch: AbortWatch
    /// The objective that ended the run, if one did.
    private var broken: AbortWatch.Break?
    private var requests = 0
    private var failures = 0
    /// Requests that have ended, in all ticks so far.
    private var ended = 0
    private var due = DueMerger()
    private var silences: SilenceMerger
    private var troughs: TroughCalendar
    private let heap: HeapWatch
    private let watchdog: Watchdog
    /// What could not be written; the run goes on and says so.
    private(set) var writeError: String?
    private var ticks = 0
    private static let ticksBetweenLastFailures = 60
    private var gone: SilenceWatch
    private static let pollNanoseconds: UInt64 = 50_000_000

    init(
        shards: [(loop: EventLoop, shard: LoopBound<Shard>)], meters: [LoopBound<LoopMeter>],
        profile: Profile, plan: GeneratorPlan, writer: EvidenceWriter, start: UInt64,
        target: TargetReader, heap: HeapWatch, watchdog: Watchdog, loop: EventLoop,
        readSteal: @escaping @Sendable () -> (stolen: Double, total: Double)?,
        observe: @escaping @Sendable (RunProgress) -> Void
    ) {
        self.loop = loop
        self.readSteal = readSteal
        lastSteal = readSteal()
        self.shards = shards
        self.plan = plan
        self.writer = writer
        self.start = start
        self.target = target
        self.heap = heap
        self.watchdog = watchdog
        troughs = TroughCalendar(profile)
        self.observe = observe
        watch = AbortWatch(profile)
        gone = SilenceWatch(watch.objectives, plan)
        planned = PlannedCounter(plan.schedule)
        lastTime = start
        self.meters = meters
        silences = SilenceMerger(loopCount: shards.count)
    }

    /// Ticks until `isOver`, then once more for what is left.
    func run(control: RunControl, isOver: () -> Bool) async {
        var next = start + 1_000_000_000
        // Nothing that a row says lies before the start, not even a stop that came earlier.
        while loop.nowNanoseconds <= start { await loop.sleep(until: start + 1) }
        while !isOver() {
            // Load whose evidence is lost proves nothing.
            let isVoid = broken != nil || writeError != nil || watchdog.finding != nil
            if stopTime == nil, control.isStopRequested || isVoid { await stopShards() }
            let now = loop.nowNanoseconds
            if now > start, let entry = troughs.take(at: now - start) {
                await readTrough(entry)
            } else if now >= next {
                await tick(isLast: false)
                next += 1_000_000_000
            } else {
                if watch.isWatching, broken == nil, stopTime == nil { await lookForSilence() }
                let trough = troughs.nextTime.map { $0 + start } ?? .max
                // The end of the load wakes it; only a stop that was asked for has to wait.
                let poll =
                    watch.isWatching ? SilenceWatch.pollNanoseconds : Self.pollNanoseconds
                await loop.sleep(until: min(next, trough, now + poll))
            }
        }
        await tick(isLast: true)
        // A run that was stopped has no last trough; its load has ended all the same.
        if heap.hasFirst, !heap.hasLast {
            await heap.look(
                timeSeconds: seconds(loop.nowNanoseconds), requests: ended)
        }
        write { () throws(EvidenceError) in
            if let growth = heap.growth { try writer.write(growth) }
            if control.isStopRequested {
                try writer.append(event: event("interrupted", "stopped before the end of the load"))
            }
            if let reason = watchdog.finding {
                try writer.append(event: event("stuck", reason))
            }
            try writer.append(event: event("ended", ""))
        }
    }

    private func stopShards() async {
        // What was due before the last of them stopped was planned; one may still have started it.
        for (loop, shard) in shards {
            stopTime = await withTaskExecutorPreference(loop) {
                shard.value.stop()
                return loop.nowNanoseconds
            }
        }
    }

    /// Ends the run if the target has been silent for longer than an objective with `abort` allows.
    private func lookForSilence() async {
        var last = [UInt64](repeating: 0, count: gone.operations.count)
        for (loop, shard) in shards {
            let own = await withTaskExecutorPreference(loop) { [operations = gone.operations] in
                operations.map { shard.value.recorder.lastRight(of: $0) }
            }
            last = zip(last, own).map { max($0, $1) }
        }
        let now = loop.nowNanoseconds - start
        for silence in gone.look(at: now, lastRight: last) where broken == nil {
            if let found = watch.silence(
                of: silence.objective, seconds: silence.seconds, requests: silence.requests)
            {
                abort(found)
            }
        }
    }

    private func abort(_ found: AbortWatch.Break) {
        // After the end of the load nothing is left to stop.
        guard loop.nowNanoseconds - start < plan.schedule.endNanoseconds else { return }
        broken = found
        write { () throws(EvidenceError) in
            try writer.append(
                event: event("aborted", "\(found.objective) is broken: \(found.sentence)"))
        }
    }

    /// - Parameter isLast: whether it is the end of the run.
    private func tick(isLast: Bool) async {
        // No row is empty, and none is left out at the end.
        if isLast, loop.nowNanoseconds <= lastTime { await loop.sleep(until: lastTime + 1) }
        guard loop.nowNanoseconds > lastTime else { return }
        ticks += 1
        // The last failures are whole then; to write them every second would fill a disk.
        let withLast = isLast || ticks % Self.ticksBetweenLastFailures == 0
        var parts: [IntervalSnapshot] = []
        var loops: [LoopReading] = []
        var inFlight = 0
        // The same for all loops, so that they close the same seconds.
        let begin = isLast ? nil : loop.nowNanoseconds
        for (index, (loop, shard)) in shards.enumerated() {
            let meter = meters[index]
            let part = await withTaskExecutorPreference(loop) {
                var reading = meter.value.take(shard.value.transport.takeStatistics())
                let snapshot = shard.value.recorder.snapshot(at: begin, withLast: withLast)
                reading.blind = snapshot.blind.isEmpty ? nil : snapshot.blind
                return (snapshot, reading, shard.value.inFlight)
            }
            parts.append(part.0)
            loops.append(part.1)
            inFlight += part.2
        }
        let now = loop.nowNanoseconds
        let length = now - lastTime
        let merged = IntervalSnapshot(merging: parts)
        var row = SeriesRow(timeSeconds: seconds(now), phase: enterPhases(at: now))
        lastPhase = row.phase
        row.planned = planned.count(until: min(now, stopTime ?? now) - start)
        row.started = merged.counters.started
        let iterations = merged.counters.iterations
        row.iterations = iterations > 0 ? iterations : nil
        row.dropped = merged.counters.dropped
        row.sent = loops.reduce(0) { $0 + ($1.sent ?? 0) }
        row.skipped = merged.counters.skipped
        row.unfed = merged.counters.unfed > 0 ? merged.counters.unfed : nil
        row.inFlight = inFlight
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
        row.target = await target.read()
        let from = seconds(lastTime)
        write { () throws(EvidenceError) in
            try writer.append(row: row)
            for second in due.take(merged.due, isLast: isLast) { try writer.append(due: second) }
            for silence in silences.take(merged.silences) { try writer.append(silence: silence) }
            for failure in merged.failures { try writer.append(failure: failure) }
            for request in merged.slow { try writer.append(slow: request.record) }
            try writer.append(
                interval: merged.histograms, start: from, length: Double(length) / 1e9)
            try writer.flush()
        }
        lastTime = now
        report(row, merged.histograms)
        if broken == nil, let found = watch.take(row) { abort(found) }
    }

    /// Reads target and generator while the target has nothing to do.
    private func readTrough(_ entry: TroughCalendar.Entry) async {
        var (requests, inFlight, connections) = (ended, 0, 0)
        for (index, (loop, shard)) in shards.enumerated() {
            let meter = meters[index]
            let part = await withTaskExecutorPreference(loop) {
                let shard = shard.value
                let open = meter.value.connections(shard.transport.takeStatistics())
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
    private func enterPhases(at now: UInt64) -> String {
        let elapsed = now - start
        let spans = plan.schedule.spans
        for (index, span) in spans.enumerated() where span.start <= elapsed {
            guard begun.insert(index).inserted else { continue }
            write { () throws(EvidenceError) in
                try writer.append(
                    event: RunEvent(
                        timeSeconds: Double(span.start) / 1e9, kind: "phase",
                        detail: plan.phases[index].name))
            }
        }
        // The second that ends now belongs to the phases that went on during it.
        let middle = elapsed - min(elapsed, (now - lastTime) / 2)
        let names = spans.indices.filter { spans[$0].start <= middle && middle < spans[$0].end }
            .map { plan.phases[$0].name }
        return names.isEmpty ? lastPhase : names.joined(separator: " + ")
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

    private func seconds(_ time: UInt64) -> Double { Double(time - start) / 1e9 }

    private func event(_ kind: String, _ detail: String) -> RunEvent {
        RunEvent(timeSeconds: seconds(loop.nowNanoseconds), kind: kind, detail: detail)
    }

    /// Writes, and remembers the first failure to do so.
    private func write(_ body: () throws(EvidenceError) -> Void) {
        guard writeError == nil else { return }
        do { try body() } catch {
            let time = Figure.significant(seconds(loop.nowNanoseconds))
            writeError = "\(time) s into the load, \(error)"
        }
    }
}
