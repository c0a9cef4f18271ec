import Histograms
public import Measurements

/// What one event loop measures: histograms and counts since the last snapshot.
///
/// Confined to its loop. Recording takes no lock, and no memory once the histograms have grown to
/// the range of the values.
public final class Recorder {
    /// A latency threshold of the objectives.
    public struct Threshold: Sendable {
        /// The operation's index; `nil` for all of them.
        public var operation: Int?
        /// The bound in nanoseconds.
        public var nanoseconds: UInt64
        /// The group's index, if it is about whole groups and no operation.
        public var group: Int?

        /// A threshold from its parts.
        public init(operation: Int?, nanoseconds: UInt64, group: Int? = nil) {
            self.operation = operation
            self.nanoseconds = nanoseconds
            self.group = group
        }
    }

    struct Cell {
        var latency = Histogram()
        var service = Histogram()
        var lag = Histogram()
        var wait = Histogram()
        var firstByte = Histogram()
        var receive = Histogram()
        var setup: Setup?
        var failedLatency = Histogram()
        var failedService = Histogram()
        var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
        var over: [Int]
        var isUsed = false

        @inline(__always)
        fileprivate mutating func count(_ sample: Sample) {
            isUsed = true
            outcomes[Outcome.ok.index] += 1
            if sample.ready > 0 { lag.record(sample.ready &- sample.due) }
            wait.record(sample.sent &- sample.ready)
            latency.record(sample.latency)
            service.record(sample.done &- sample.sent)
            firstByte.record(sample.firstByte &- sample.sent)
            receive.record(sample.done &- sample.firstByte)
        }
    }

    /// A right answer that the histograms do not hold yet.
    fileprivate struct Sample {
        let cell: Int32
        let operation: Int32
        let due: UInt64
        let ready: UInt64
        let sent: UInt64
        let firstByte: UInt64
        let done: UInt64

        var latency: UInt64 { done &- due }
    }

    struct GroupCell {
        var right = Histogram()
        var failed = Histogram()
        var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
        var over: [Int]
        var isUsed = false
    }

    /// What few requests have, if any: made when the first of them comes.
    final class Setup {
        var resolve = Histogram()
        var connect = Histogram()
        var tls = Histogram()
        var send = Histogram()
    }

    let phases: [String]
    let operations: [String]
    let thresholds: [[UInt64]]
    var cells: ContiguousArray<Cell>
    let groups: [String]
    let groupThresholds: [[UInt64]]
    var groupCells: ContiguousArray<GroupCell>
    /// The tightest threshold of each operation; `UInt64.max` if it has none.
    let tightest: [UInt64]
    var failed: RequestKeeper
    var slow: RequestKeeper
    var tally = FailureTally()
    let evidence: EvidenceRules
    var counters = Counters()
    /// Right answers are put into the histograms many at a time: between two requests the kernel
    /// drives that code and its data out of the cache.
    private var samples = ContiguousArray<Sample>()
    private static let samplesHeld = 128
    let startNanoseconds: UInt64
    let timeoutNanoseconds: UInt64
    var due: DueLedger
    var silences: SilenceLedger
    var blind: [BlindStretch] = []
    private static let maximumBlind = 20

    /// A recorder for every phase, operation and group of a profile.
    public init(
        phases: [String], operations: [String], thresholds: [Threshold], groups: [String] = [],
        span: Span = Span(), evidence: EvidenceRules = EvidenceRules()
    ) {
        startNanoseconds = span.startNanoseconds
        timeoutNanoseconds = span.timeoutNanoseconds
        self.evidence = evidence
        self.groups = groups
        let byGroup = groups.indices.map { index in
            Set(thresholds.filter { $0.group == index }.map(\.nanoseconds)).sorted()
        }
        groupThresholds = byGroup
        groupCells = ContiguousArray(
            (0..<phases.count * groups.count).map { index in
                GroupCell(over: [Int](repeating: 0, count: byGroup[index % groups.count].count))
            })
        self.phases = phases
        self.operations = operations
        let byOperation = operations.indices.map { index in
            let own = thresholds.filter {
                $0.group == nil && ($0.operation == nil || $0.operation == index)
            }
            return Set(own.map(\.nanoseconds)).sorted()
        }
        self.thresholds = byOperation
        due = DueLedger(
            bounds: (0..<phases.count * operations.count).map {
                byOperation[$0 % operations.count]
            },
            timeoutSeconds: span.timeoutNanoseconds / 1_000_000_000 + 1)
        silences = SilenceLedger(operations: operations)
        tightest = byOperation.map { $0.first ?? .max }
        failed = RequestKeeper(thread: evidence.thread, seed: evidence.seed, keepsLast: true)
        slow = RequestKeeper(thread: evidence.thread, seed: ~evidence.seed, keepsLast: false)
        samples.reserveCapacity(Self.samplesHeld)
        cells = ContiguousArray(
            (0..<phases.count * operations.count).map { index in
                Cell(over: [Int](repeating: 0, count: byOperation[index % operations.count].count))
            })
    }

    /// Takes a request that has ended, by the indices of its phase and operation.
    public func record(_ stamps: Stamps, phase: Int, operation: Int, outcome: Outcome) {
        guard outcome == .ok else {
            recordFailure(stamps, phase: phase, operation: operation, Failure(outcome))
            return
        }
        let index = phase * operations.count + operation
        if stamps.setup.isAny { record(stamps.setup, index) }
        samples.append(
            Sample(
                cell: Int32(truncatingIfNeeded: index),
                operation: Int32(truncatingIfNeeded: operation), due: stamps.due,
                ready: stamps.ready, sent: stamps.sent, firstByte: stamps.firstByte,
                done: stamps.done))
        if samples.count == Self.samplesHeld { settle() }
    }

    /// Puts what is held back into the histograms.
    func settle() {
        cells.withUnsafeMutableBufferPointer { cells in
            for sample in samples {
                let (index, operation) = (Int(sample.cell), Int(sample.operation))
                cells[index].count(sample)
                if sample.latency < tightest[operation] {
                    due.right(time(sample.due), cell: index)
                } else {
                    countSlow(&cells[index], sample)
                }
                silences.right(
                    due: time(sample.due), done: time(sample.done), operation: operation)
            }
        }
        samples.removeAll(keepingCapacity: true)
    }

    /// Counts a right answer that took as long as a threshold of its operation.
    @inline(never)
    private func countSlow(_ cell: inout Cell, _ sample: Sample) {
        let bounds = thresholds[Int(sample.operation)]
        for position in bounds.indices where sample.latency >= bounds[position] {
            cell.over[position] += 1
        }
        due.slow(time(sample.due), cell: Int(sample.cell), latency: sample.latency)
    }

    /// A stamp from the start of the load; 0 for what is before it.
    @inline(__always)
    func time(_ stamp: UInt64) -> UInt64 {
        stamp > startNanoseconds ? stamp &- startNanoseconds : 0
    }

    /// Takes a request that has failed, by the indices of its phase and operation.
    ///
    /// - Returns: the index of its kind.
    @discardableResult
    func recordFailure(
        _ stamps: Stamps, phase: Int, operation: Int, _ failure: Failure
    ) -> Int {
        // A silence is told by the order in which requests ended.
        settle()
        let index = phase * operations.count + operation
        due.failed(time(stamps.due), cell: index)
        silences.failed(due: time(stamps.due), done: time(stamps.done), operation: operation)
        let kind = count(failure, cell: index, due: stamps.due)
        if stamps.setup.isAny { record(stamps.setup, index) }
        if stamps.ready > 0 { cells[index].lag.record(stamps.ready &- stamps.due) }
        cells[index].failedLatency.record(stamps.done &- stamps.due)
        guard stamps.sent > 0 else { return kind }
        cells[index].wait.record(stamps.sent &- stamps.ready)
        cells[index].failedService.record(stamps.done &- stamps.sent)
        return kind
    }

    @inline(never)
    private func record(_ durations: Stamps.Setup, _ index: Int) {
        let setup = cells[index].setup ?? Setup()
        cells[index].setup = setup
        if durations.resolve > 0 { setup.resolve.record(durations.resolve) }
        if durations.connect > 0 { setup.connect.record(durations.connect) }
        if durations.tls > 0 { setup.tls.record(durations.tls) }
        if durations.send > 0 { setup.send.record(durations.send) }
    }

    /// Requests that ended since the last snapshot; dropped arrivals are none.
    public var ended: Int {
        settle()
        return cells.reduce(0) { sum, cell in
            cell.isUsed
                ? sum + cell.outcomes.reduce(0, +) - cell.outcomes[Outcome.dropped.index] : sum
        }
    }

    /// Counts an arrival that was started.
    public func recordStart() { counters.started += 1 }

    /// Counts an iteration that a user of the closed model begins.
    public func recordIteration() { counters.iterations += 1 }

    /// Counts what was just started as something that could not be, for want of data.
    public func recordUnfed(isArrival: Bool) {
        if isArrival { counters.started -= 1 } else { counters.iterations -= 1 }
        counters.unfed += 1
    }

    /// Takes the duration of a whole group, by the indices of its phase and itself, and how the
    /// request ended that ended it.
    public func recordGroup(_ nanoseconds: UInt64, phase: Int, group: Int, outcome: Outcome) {
        let index = phase * groups.count + group
        groupCells[index].isUsed = true
        groupCells[index].outcomes[outcome.index] += 1
        guard outcome == .ok else { return groupCells[index].failed.record(nanoseconds) }
        groupCells[index].right.record(nanoseconds)
        let bounds = groupThresholds[group]
        for position in bounds.indices where nanoseconds >= bounds[position] {
            groupCells[index].over[position] += 1
        }
    }

    /// Counts steps that an earlier failure left out.
    public func recordSkipped(_ steps: Int) { counters.skipped += steps }

    /// Keeps a stretch in which the loop did not look for answers; its ends are stamps.
    public func recordBlind(from: UInt64, to: UInt64) {
        if blind.count == Self.maximumBlind {
            blind[blind.count - 1].toNanoseconds = time(to)
        } else {
            blind.append(BlindStretch(fromNanoseconds: time(from), toNanoseconds: time(to)))
        }
    }

    /// Counts an arrival dropped at the in-flight cap, as the first operation of its scenario.
    ///
    /// - Parameter stamp: when it was due, monotonic nanoseconds.
    public func recordDrop(phase: Int, operation: Int, due stamp: UInt64) {
        let index = phase * operations.count + operation
        due.failed(time(stamp), cell: index)
        counters.dropped += 1
        _ = count(
            Failure(.dropped, error: "too many in flight"), cell: index, due: stamp)
    }

    /// Counts a failure among the outcomes and among its kind.
    private func count(_ failure: Failure, cell: Int, due: UInt64) -> Int {
        cells[cell].isUsed = true
        cells[cell].outcomes[failure.outcome.index] += 1
        return tally.add(
            FailureTally.Kind(
                cell: cell, outcome: failure.outcome,
                status: failure.outcome.wasAnswered ? failure.status : 0, error: failure.error),
            due: due)
    }
}
