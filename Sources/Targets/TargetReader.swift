public import Collector
public import EventLoops
public import Measurements

/// The target's memory, CPU and handles: from its Prometheus metrics, and what those do not have
/// from the probe and from /proc where its processes are known.
///
/// Confined to the control loop.
public final class TargetReader {
    /// What of the target is under the probe.
    public let probed = ProbedProcesses()
    private let lane: ControlLane
    /// The processes of the target; `nil` if it is not known who they are.
    public private(set) var tree: ProcessTree?
    /// The port whose listeners are the target, until they were looked up.
    private var port: Int?
    private var members: [Int32] = []
    private var collector: String?
    private var misses = 0
    private var reads = 0

    private static let timeoutNanoseconds: UInt64 = 500_000_000
    /// A target without metrics is not asked for them all through the run.
    private static let maximumMisses = 3
    /// Workers come and go; looking for them takes a look at every process of the machine.
    private static let readsPerUpdate = 10

    /// A reader of the target behind `lane`.
    ///
    /// - Parameter port: where there is no tree, the port of this machine whose listeners are
    ///   looked up at the first reading: every open file of every process is looked at, which takes
    ///   milliseconds that the first request need not wait for.
    public init(lane: ControlLane, tree: ProcessTree?, port: Int? = nil) {
        self.lane = lane
        self.tree = tree
        self.port = tree == nil ? port : nil
        look(tree?.members ?? [])
    }

    /// Looks at processes that may have come since.
    private func look(_ members: [Int32]) {
        probed.update(members)
        guard members != self.members else { return }
        self.members = members
        collector = members.lazy.compactMap { CollectingRuntime.name(of: String($0)) }.first
    }

    /// A reading now; `nil` if no source has one.
    ///
    /// - Parameter trough: the loop to wait on where the target is idle, so that a slower, more
    ///   thorough look does no harm.
    public func read(trough: EventLoop? = nil) async -> ProcessReading? {
        let isTrough = trough != nil
        reads += 1
        if let port {
            self.port = nil
            tree = ProcessTree.listening(on: port)
            look(tree?.members ?? [])
        } else if isTrough || reads % Self.readsPerUpdate == 0 {
            tree?.update()
            look(tree?.members ?? [])
        }
        var reading = ProcessReading()
        if let metrics = await metrics() {
            reading = metrics
            if metrics.allocatedBytes != nil { reading.source = .metrics }
        }
        if let trough { await probed.refresh(on: trough) }
        // The metrics of a program whose heap is profiled count what the profiler holds, too.
        if reading.allocatedBytes == nil || probed.isProfiling, let probe = probed.reading {
            reading.takeAllocator(from: probe)
        }
        guard let tree else { return reading == ProcessReading() ? nil : reading }
        let parts = tree.members.map {
            ProcessReader.readProcess(String($0), isThorough: isTrough)
        }
        if let sum = ProcessReading(sum: parts) { reading.fill(from: sum) }
        reading.collector = collector
        // An allocator that holds less than half of what the processes have as their own is not
        // where their memory is: a runtime with a heap of its own.
        let held = reading.jemallocResidentBytes ?? 0
        if held < (reading.anonymousBytes ?? 0) / 2 { reading.source = .proc }
        return reading == ProcessReading() ? nil : reading
    }

    private func metrics() async -> ProcessReading? {
        guard misses < Self.maximumMisses else { return nil }
        let answer = await lane.get("/metrics", timeoutNanoseconds: Self.timeoutNanoseconds)
        if answer.outcome == .ok, answer.status == 200 {
            misses = 0
            let reading = ProcessReader.read(prometheus: answer.text)
            if reading != ProcessReading() { return reading }
        }
        // A slow answer is the load's doing; an answer that is none will not get better.
        if answer.outcome != .timeout { misses += 1 }
        return nil
    }
}
