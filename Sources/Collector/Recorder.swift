public import Evidence
import Histograms

/// What one event loop measures: histograms and counts since the last snapshot.
///
/// Confined to its loop. Recording takes no lock, and no memory once the histograms have grown to
/// the
/// range of the values.
public final class Recorder {
    /// A latency threshold of the objectives.
    public struct Threshold: Sendable {
        /// The operation's index, or absent for all of them.
        public var operation: Int?
        /// The bound in nanoseconds.
        public var nanoseconds: UInt64

        /// A threshold from its parts.
        public init(operation: Int?, nanoseconds: UInt64) {
            self.operation = operation
            self.nanoseconds = nanoseconds
        }
    }

    private struct Cell {
        var latency = Histogram()
        var service = Histogram()
        var lag = Histogram()
        var wait = Histogram()
        var failedLatency = Histogram()
        var failedService = Histogram()
        var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
        var over: [Int]
        var isUsed = false
    }

    private let phases: [String]
    private let operations: [String]
    private let thresholds: [[UInt64]]
    private var cells: ContiguousArray<Cell>
    private var failures: [FailureRecord] = []
    private var failuresKept = 0
    private var counters = Counters()

    /// The most failed requests that one loop keeps whole in a run.
    private static let mostFailures = 1000

    /// The counts of a second that belong to no operation.
    public struct Counters: Sendable {
        /// Arrivals that were started.
        public var started = 0
        /// Arrivals dropped at the cap.
        public var dropped = 0
        /// Requests whose first byte was written.
        public var sent = 0
        /// Steps left out because an earlier one failed.
        public var skipped = 0

        /// All zero.
        public init() {}
    }

    /// A recorder for every phase and operation of a profile.
    public init(phases: [String], operations: [String], thresholds: [Threshold]) {
        self.phases = phases
        self.operations = operations
        let byOperation = operations.indices.map { index in
            Set(
                thresholds.filter { $0.operation == nil || $0.operation == index }
                    .map(\.nanoseconds)
            ).sorted()
        }
        self.thresholds = byOperation
        cells = ContiguousArray(
            (0..<phases.count * operations.count).map { index in
                Cell(over: [Int](repeating: 0, count: byOperation[index % operations.count].count))
            })
    }

    /// The stamps of a request, monotonic nanoseconds; a stamp that never came about is 0.
    public struct Stamps: Sendable {
        /// When it was due.
        public var due: UInt64
        /// When the generator had it ready.
        public var ready: UInt64 = 0
        /// When its first byte was written.
        public var sent: UInt64 = 0
        /// When it ended.
        public var done: UInt64 = 0

        /// The stamps of a request that is due at `due`.
        public init(due: UInt64) { self.due = due }
    }

    /// Takes a request that has ended, by the indices of its phase and operation.
    public func record(_ stamps: Stamps, phase: Int, operation: Int, outcome: Outcome) {
        let index = phase * operations.count + operation
        cells[index].isUsed = true
        cells[index].outcomes[outcome.index] += 1
        let latency = stamps.done &- stamps.due
        if stamps.ready > 0 { cells[index].lag.record(stamps.ready &- stamps.due) }
        if stamps.sent > 0 {
            counters.sent += 1
            cells[index].wait.record(stamps.sent &- stamps.ready)
        }
        guard outcome == .ok else {
            cells[index].failedLatency.record(latency)
            if stamps.sent > 0 { cells[index].failedService.record(stamps.done &- stamps.sent) }
            return
        }
        cells[index].latency.record(latency)
        cells[index].service.record(stamps.done &- stamps.sent)
        let bounds = thresholds[operation]
        for position in bounds.indices where latency >= bounds[position] {
            cells[index].over[position] += 1
        }
    }

    /// Counts an arrival that was started.
    public func recordStart() { counters.started += 1 }

    /// Counts steps that an earlier failure left out.
    public func recordSkipped(_ steps: Int) { counters.skipped += steps }

    /// Counts an arrival dropped at the in-flight cap, as the first operation of its scenario.
    public func recordDrop(phase: Int, operation: Int) {
        let index = phase * operations.count + operation
        counters.dropped += 1
        cells[index].isUsed = true
        cells[index].outcomes[Outcome.dropped.index] += 1
    }

    /// Whether there is room for one more failed request; ask before you describe it.
    public var wantsFailures: Bool { failuresKept < Self.mostFailures }

    /// Keeps a failed request whole.
    public func keep(_ failure: FailureRecord) {
        guard wantsFailures else { return }
        failuresKept += 1
        failures.append(failure)
    }

    /// Everything since the last snapshot; O(touched range of the histograms).
    public func snapshot() -> IntervalSnapshot {
        var result = IntervalSnapshot(counters: counters, failures: failures)
        counters = Counters()
        failures.removeAll(keepingCapacity: true)
        for index in cells.indices where cells[index].isUsed {
            take(index, into: &result)
        }
        return result
    }

    private func take(_ index: Int, into result: inout IntervalSnapshot) {
        let phase = phases[index / operations.count]
        let operation = operations[index % operations.count]
        func move(_ path: WritableKeyPath<Cell, Histogram>, _ clock: Clock, failed: Bool = false) {
            guard cells[index][keyPath: path].totalCount > 0 else { return }
            let key = HistogramKey(
                phase: phase, operation: operation, clock: clock, isFailed: failed)
            result.histograms[key] = cells[index][keyPath: path]
            cells[index][keyPath: path].reset()
        }
        move(\.latency, .latency)
        move(\.service, .service)
        move(\.lag, .lag)
        move(\.wait, .wait)
        move(\.failedLatency, .latency, failed: true)
        move(\.failedService, .service, failed: true)
        let bounds = thresholds[index % operations.count]
        result.counts.append(
            OperationCounts(
                phase: phase, operation: operation,
                outcomes: outcomes(of: cells[index]),
                over: Dictionary(
                    uniqueKeysWithValues: zip(bounds.map(String.init), cells[index].over))))
        cells[index].isUsed = false
        for position in cells[index].outcomes.indices { cells[index].outcomes[position] = 0 }
        for position in cells[index].over.indices { cells[index].over[position] = 0 }
    }

    private func outcomes(of cell: Cell) -> [Outcome: Int] {
        var result: [Outcome: Int] = [:]
        for (outcome, count) in zip(Outcome.allCases, cell.outcomes) where count > 0 {
            result[outcome] = count
        }
        return result
    }
}

extension Outcome {
    /// Its place among all cases, without a search.
    var index: Int {
        switch self {
        case .ok: 0
        case .wrongStatus: 1
        case .wrongContent: 2
        case .malformed: 3
        case .timeout: 4
        case .refused: 5
        case .reset: 6
        case .unfinished: 7
        case .dropped: 8
        }
    }
}
