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
    let loop: EventLoop
    let threads: [GeneratorThread]
    let plan: GeneratorPlan
    let writer: EvidenceWriter
    let start: UInt64
    let target: TargetReader
    /// Called with each row.
    var observe: @Sendable (RunProgress) -> Void = { _ in }
    var planned: PlannedCounter
    var lastTime: UInt64
    /// The machine's stolen CPU time, and all of it; `nil` if that cannot be read.
    var readSteal: @Sendable () -> (stolen: Double, total: Double)? = { nil }
    var lastSteal: (stolen: Double, total: Double)?
    var lastClock = ClockReader()
    /// When the load was told to stop, so that nothing later counts as planned.
    var stopTime: UInt64?
    /// The phases that have begun, by index.
    var begun: Set<Int> = []
    var lastPhases: [String] = []
    var watch: AbortWatch
    /// The objective that ended the run, if one did.
    var broken: AbortWatch.Break?
    var requests = 0
    var failures = 0
    /// Requests that have ended, in all ticks so far.
    var ended = 0
    var due = DueMerger()
    var operations: OperationMerger
    var silences: SilenceMerger
    var troughs: TroughCalendar
    let heap: HeapWatch
    let watchdog: Watchdog
    /// What could not be written; the run goes on and says so.
    private(set) var writeError: String?
    /// What the run's faults say; `nil` if it has none.
    var notices: FaultNotices?
    var ticks = 0
    var gone: SilenceWatch
    private static let pollNanoseconds: UInt64 = 50_000_000

    init(
        _ load: StartedLoad, by threads: [GeneratorThread], writer: EvidenceWriter,
        target: TargetReader, watchdog: Watchdog, on loop: EventLoop
    ) {
        self.loop = loop
        self.threads = threads
        self.writer = writer
        self.target = target
        self.watchdog = watchdog
        plan = load.plan
        start = load.start
        heap = HeapWatch(target.probed, on: loop)
        troughs = TroughCalendar(load.profile)
        watch = AbortWatch(load.profile)
        gone = SilenceWatch(watch.objectives, plan)
        planned = PlannedCounter(plan.schedule)
        lastTime = start
        operations = OperationMerger(threadCount: threads.count)
        silences = SilenceMerger(loopCount: threads.count)
    }

    /// Ticks until `isOver`, then once more for the rest of a second.
    func run(control: RunControl, isOver: () -> Bool) async {
        lastSteal = readSteal()
        var next = start + 1_000_000_000
        // No row covers time before the start, even if the run was stopped earlier.
        while loop.nowNanoseconds <= start { await loop.sleep(until: start + 1) }
        while !isOver() {
            // Without its evidence the load would prove nothing.
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
                // The end of the load ends this sleep; only a stop on request waits here.
                let poll =
                    watch.isWatching ? SilenceWatch.pollNanoseconds : Self.pollNanoseconds
                await loop.sleep(until: min(next, trough, now + poll))
            }
        }
        await tick(isLast: true)
        // A stopped run has no last trough, although its load has ended.
        if heap.hasFirst, !heap.hasLast {
            await heap.look(
                timeSeconds: seconds(loop.nowNanoseconds), requests: ended)
        }
        write { () throws(EvidenceError) in
            for event in notices?.take() ?? [] { try writer.append(event: event) }
            if let growth = heap.growth { try writer.write(growth) }
            if control.isStopRequested {
                try writer.append(event: event(.interrupted, "stopped before the end of the load"))
            }
            if let reason = watchdog.finding {
                try writer.append(event: event(.stuck, reason))
            }
            try writer.append(event: event(.ended, ""))
        }
    }

    private func stopShards() async {
        // What was due before the last of them stopped was planned; one may still have started it.
        for thread in threads {
            stopTime = await withTaskExecutorPreference(thread.loop) {
                thread.shard.value.stop()
                return thread.loop.nowNanoseconds
            }
        }
    }

    /// Ends the run if the target has been silent for longer than an objective with `abort` allows.
    private func lookForSilence() async {
        var last = [UInt64](repeating: 0, count: gone.operations.count)
        let operations = gone.operations
        for thread in threads {
            let own = await withTaskExecutorPreference(thread.loop) {
                operations.map { thread.shard.value.recorder.lastRight(of: $0) }
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

    func abort(_ found: AbortWatch.Break) {
        // After the end of the load nothing is left to stop.
        guard loop.nowNanoseconds - start < plan.schedule.endNanoseconds else { return }
        broken = found
        write { () throws(EvidenceError) in
            try writer.append(
                event: event(.aborted, "\(found.objective) is broken: \(found.sentence)"))
        }
    }

    func seconds(_ time: UInt64) -> Double { Double(time - start) / 1e9 }

    private func event(_ kind: RunEvent.Kind, _ detail: String) -> RunEvent {
        RunEvent(timeSeconds: seconds(loop.nowNanoseconds), kind: kind, detail: detail)
    }

    /// Writes, and keeps the first error.
    func write(_ body: () throws(EvidenceError) -> Void) {
        guard writeError == nil else { return }
        do { try body() } catch { stop("\(error)") }
    }

    /// Has the run end, whose evidence would not be whole.
    func stop(_ reason: String) {
        let time = Figure.significant(seconds(loop.nowNanoseconds))
        writeError = "\(time) s into the load, \(reason)"
    }
}
