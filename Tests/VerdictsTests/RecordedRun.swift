import Collector
import Evidence
import Measurements
import Profiles
import SampleEvidence

/// A run that never was, request by request, as the generator's own recorders would keep it.
struct RecordedRun {
    /// A request; times in seconds from the start of the load.
    struct Request {
        var due: Double
        var done: Double
        var outcome = Outcome.ok
        var operation = 0
        var loop = 0
    }

    var requests: [Request] = []
    var operations = ["ping"]
    /// How long the load went on, in whole seconds.
    var seconds: Int
    var loops = 1
    /// When the first generator thread did not look, in seconds.
    var blind: [ClosedRange<Double>] = []
    /// What the faults of the run said.
    var faults: [FaultReading] = []

    private static let timeout = 5.0

    /// A run of so many seconds.
    init(seconds: Int) { self.seconds = seconds }

    /// A constant rate whose requests are answered after 1 ms.
    mutating func add(rate: Int, operation: Int = 0) {
        for index in 0..<seconds * rate {
            let due = Double(index) / Double(rate)
            requests.append(
                Request(
                    due: due, done: due + 0.001, operation: operation, loop: index % loops))
        }
    }

    /// Stops the target for a time: what is due then is answered at the end, or is a timeout.
    mutating func stop(_ stop: Range<Double>) {
        for index in requests.indices where stop.contains(requests[index].due) {
            let due = requests[index].due
            if stop.upperBound - due > Self.timeout {
                requests[index].done = due + Self.timeout
                requests[index].outcome = .timeout
            } else {
                requests[index].done = stop.upperBound + Double(index % 11) * 0.0002
            }
        }
    }

    /// Lets each of some requests fail at once, about `share` of those due in `time`.
    mutating func fail(
        _ time: Range<Double>, _ outcome: Outcome, share: Double = 1, operation: Int? = nil
    ) {
        for index in requests.indices where time.contains(requests[index].due) {
            guard operation == nil || operation == requests[index].operation else { continue }
            // Spread by the golden ratio, as Weyl's sequence is.
            let place = (Double(index) * 0.618_033_988_749_895)
                .truncatingRemainder(dividingBy: 1)
            guard place < share else { continue }
            requests[index].outcome = outcome
            if outcome == .dropped { requests[index].done = requests[index].due }
        }
    }

    /// The evidence, and the profile with these objectives.
    func evidence(_ objectives: [String]) throws -> (RunEvidence, Profile) {
        var run = SampleRun(objectives: objectives)
        run.threads = loops
        run.events.insert(contentsOf: faults.map(event), at: 0)
        run.profile.load.removeFirst()
        run.profile.load[0].duration = .seconds(seconds)
        let recorders = (0..<loops).map { _ in recorder(run.profile) }
        for stretch in blind {
            recorders[0].recordBlind(from: stamp(stretch.lowerBound), to: stamp(stretch.upperBound))
        }
        var (due, silences) = (DueMerger(), SilenceMerger(loopCount: loops))
        let ended = requests.sorted { $0.done < $1.done }
        var rest = ended[...]
        var second = 0
        while !rest.isEmpty || second < seconds {
            second += 1
            let now = rest.prefix { $0.done < Double(second) }
            rest.removeFirst(now.count)
            for request in now { record(request, recorders[request.loop]) }
            let isLast = rest.isEmpty && second >= seconds
            let parts = recorders.map { $0.snapshot(at: isLast ? nil : stamp(Double(second))) }
            let merged = IntervalSnapshot(merging: parts)
            run.due += due.take(merged.due, isLast: isLast)
            run.silences += silences.take(merged.silences)
            var row = SeriesRow(
                timeSeconds: Double(second), phases: ["steady"], counts: merged.counts)
            row.loops = parts.map { part in
                var reading = LoopReading()
                reading.blind = part.blind.isEmpty ? nil : part.blind
                return reading
            }
            run.rows.append(row)
            add(now, end: Double(second), to: &run)
        }
        return (try run.evidence(), run.profile)
    }

    private func event(_ fault: FaultReading) -> RunEvent {
        var event = RunEvent(
            timeSeconds: fault.seenSeconds ?? 0, kind: .fault, detail: fault.kind)
        event.fault = fault
        return event
    }

    /// A fault that strikes at a time, within 2 ms; of one that is held, its end.
    ///
    /// A sham changes nothing, and no probe looks.
    mutating func strike(at time: Double, until end: Double? = nil, isSham: Bool = false) {
        for (step, time) in [(FaultReading.Step.struck, time), (.undone, end ?? -1)] where time >= 0
        {
            let trial = faults.count { $0.step == .struck } - (step == .undone ? 1 : 0)
            var reading = FaultReading(fault: 0, trial: trial, kind: "hang", step: step)
            reading.proof = .proven
            reading.beganSeconds = time - 0.001
            reading.seenSeconds = time + 0.001
            if isSham {
                reading.sham = true
                reading.proof = nil
                reading.seenSeconds = nil
            }
            faults.append(reading)
        }
    }

    private func recorder(_ profile: Profile) -> Recorder {
        Recorder(
            phases: ["steady"], operations: operations,
            thresholds: profile.objectives.compactMap { objective in
                objective.thresholdNanoseconds.map { bound in
                    Recorder.Threshold(
                        operation: objective.operation.flatMap(operations.firstIndex),
                        nanoseconds: bound)
                }
            })
    }

    private func record(_ request: Request, _ recorder: Recorder) {
        if request.outcome == .dropped {
            return recorder.recordDrop(
                phase: 0, operation: request.operation, due: stamp(request.due))
        }
        var stamps = Stamps(due: stamp(request.due))
        (stamps.ready, stamps.sent, stamps.firstByte) = (stamps.due, stamps.due, stamps.due)
        stamps.done = stamp(request.done)
        recorder.record(
            stamps, phase: 0, operation: request.operation, outcome: request.outcome)
    }

    private func add(_ ended: ArraySlice<Request>, end: Double, to run: inout SampleRun) {
        for (index, operation) in operations.enumerated() {
            let values = ended.filter { $0.operation == index && $0.outcome == .ok }
                .map { UInt64(($0.done - $0.due) * 1e9) }
            guard !values.isEmpty else { continue }
            run.addInterval(
                HistogramKey(phase: "steady", operation: operation, clock: .latency),
                values: values, end: end)
        }
    }

    private func stamp(_ seconds: Double) -> UInt64 { UInt64((seconds * 1e9).rounded()) }
}
