import Measurements
import Profiles
import SampleEvidence

/// A small run with an outage, which has a line in every file of evidence that a run may have.
enum OutageRun {
    /// How long the load lasts, in seconds.
    private static let seconds = 6
    private static let rate = 20
    private static let outage = 2..<4
    private static let threshold: UInt64 = 50_000_000

    /// The run; its verdict is FAIL, for an error rate far above its limit.
    ///
    /// - Parameter dataFile: a file of rows, which is copied into the run's folder.
    static func sample(dataFile: String) -> SampleRun {
        var run = SampleRun(objectives: ["error rate < 1%", "p(95) < 50ms", "recovery < 1s"])
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(seconds)
        run.profile.load[0].model = ConstantArrivalRate(
            Rate(perSecond: Double(rate)), .constant)
        run.profile.data = [DataFeed(name: "rows", file: dataFile)]
        run.profile.contract = "small"
        run.document = document
        for second in 0..<seconds { add(second, to: &run) }
        run.events.insert(RunEvent(timeSeconds: 0, kind: .phase, detail: "steady"), at: 1)
        run.events[2].timeSeconds = Double(seconds)
        run.silences = [
            Silence(
                loop: 0, operation: "ping", fromNanoseconds: time(outage.lowerBound),
                dueNanoseconds: time(outage.lowerBound) + 1_000_000,
                toNanoseconds: time(outage.upperBound))
        ]
        run.slow = [record(.ok, second: 1), record(.ok, second: 5)]
        addTroughs(to: &run)
        return run
    }

    private static func time(_ second: Int) -> UInt64 { UInt64(second) * 1_000_000_000 }

    private static func add(_ second: Int, to run: inout SampleRun) {
        let isDown = outage.contains(second)
        let slow = second == 1 || second == 5 ? 1 : 0
        let outcomes: [Outcome: Int] = isDown ? [.timeout: rate - 1, .ok: 1] : [.ok: rate]
        run.add(outcomes, over: [threshold: slow])
        let last = run.rows.count - 1
        // The samples are of the second, not of the whole run.
        run.samples = [:]
        for (clock, isFailed, count) in [
            (Clock.latency, false, outcomes[.ok] ?? 0), (.latency, true, outcomes[.timeout] ?? 0),
            (.lag, false, rate), (.service, false, outcomes[.ok] ?? 0),
        ] where count > 0 {
            let key = HistogramKey(
                phase: "steady", operation: "ping", clock: clock, isFailed: isFailed)
            var values = [UInt64](repeating: clock == .lag ? 50_000 : 2_000_000, count: count)
            if clock == .latency, !isFailed, slow > 0 { values[0] = 60_000_000 }
            run.addInterval(key, values: values, end: Double(second + 1))
        }
        fill(&run.rows[last], second)
        addDue(second, isDown: isDown, slow: slow, to: &run)
        if isDown { run.failures.append(record(.timeout, second: second)) }
    }

    private static func fill(_ row: inout SeriesRow, _ second: Int) {
        var reading = ProcessReading()
        (reading.source, reading.residentBytes, reading.cpuSeconds) = (.proc, 1 << 24, 0.1)
        (reading.openFiles, reading.threads, reading.startSeconds) = (9, 3, 5)
        (row.target, row.generator) = (reading, reading)
        let quantiles = QuantileSummary(
            p50Nanoseconds: 2_000_000, p95Nanoseconds: 2_000_000, p99Nanoseconds: 2_000_000,
            maxNanoseconds: 60_000_000)
        (row.latency, row.lag) = (quantiles, quantiles)
        var loop = LoopReading()
        (loop.cpu, loop.busy, loop.sent, loop.connections) = (0.1, 0.1, row.sent, 4)
        loop.overshootNanoseconds = 50_000
        if second == 3 {
            loop.blind = [
                BlindStretch(fromNanoseconds: 3_100_000_000, toNanoseconds: 3_250_000_000)
            ]
        }
        row.loops = [loop]
        (row.clockStepNanoseconds, row.suspendedNanoseconds, row.busiestLoop) = (5, 0, 0.1)
        guard let count = row.counts[0].outcomes[.timeout] else { return }
        row.failures = [
            FailureCount(
                phase: "steady",
                kind: FailureKind(
                    operation: "ping", outcome: .timeout, error: "no answer in 5 s"),
                count: count, firstDueNanoseconds: Int64(time(second)),
                lastDueNanoseconds: Int64(time(second)) + 900_000_000)
        ]
    }

    private static func addDue(
        _ second: Int, isDown: Bool, slow: Int, to run: inout SampleRun
    ) {
        var slots: [DueSlot] = []
        for tenth in 0..<10 where isDown {
            var slot = DueSlot(tenth: tenth)
            for index in 0..<rate / 10 {
                slot.count(
                    dueNanoseconds: time(second) + UInt64(tenth) * 100_000_000 + UInt64(index),
                    isFailed: tenth > 0 || index > 0, isSlow: false)
            }
            slots.append(slot)
        }
        var due = DueSecond(
            second: second, phase: "steady", operation: "ping", total: rate,
            failed: isDown ? rate - 1 : 0, over: [String(threshold): slow])
        due.slots = slots.isEmpty ? nil : slots
        run.due.append(due)
    }

    private static func record(_ outcome: Outcome, second: Int) -> FailureRecord {
        let due = Int64(time(second))
        var record = FailureRecord(
            phase: "steady", scenario: "health", operation: "ping", outcome: outcome,
            dueNanoseconds: due, doneNanoseconds: due + 60_000_000)
        record.detail = outcome == .ok ? "60000000 ns" : "no answer in 5 s"
        record.readyNanoseconds = due + 1000
        record.sentNanoseconds = due + 2000
        record.status = outcome == .ok ? 200 : nil
        record.request = "GET /ping HTTP/1.1\r\n\r\n"
        return record
    }

    private static func addTroughs(to run: inout SampleRun) {
        for round in 1...4 {
            var trough = Trough(
                timeSeconds: Double(3 * round) / 2, phase: "steady", round: round,
                requests: 30 * round, connections: 4)
            trough.target = run.rows[0].target
            trough.generator = run.rows[0].generator
            run.troughs.append(trough)
        }
        run.heap = HeapGrowth(
            firstSeconds: 1.5, lastSeconds: 6, requests: 90, sampleBytes: 524_288,
            stacks: [.init(bytes: 1e6, objects: 10, share: 1, frames: ["leak", "main"])],
            sizes: [.init(sizeBytes: 64, objects: 10)])
    }

    private static let document = """
        openapi: 3.0.0
        info: { title: small, version: "1" }
        paths:
          /ping:
            get: { operationId: ping, responses: { "200": { description: right } } }

        """
}
