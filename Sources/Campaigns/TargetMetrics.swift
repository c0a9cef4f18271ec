import Collector
import Evidence

/// The target's memory and CPU: its Prometheus metrics, else /proc where the process is known.
///
/// Confined to the control loop.
final class TargetMetrics {
    private let lane: ControlLane
    private let processID: Int32?
    private var misses = 0

    private static let timeoutNanoseconds: UInt64 = 500_000_000
    /// A target without metrics is not asked for them all through the run.
    private static let mostMisses = 3

    init(lane: ControlLane, processID: Int32?) {
        self.lane = lane
        self.processID = processID
    }

    /// A reading now; absent where neither source has one.
    func read() async -> ProcessReading? {
        if misses < Self.mostMisses {
            let answer = await lane.get("/metrics", timeoutNanoseconds: Self.timeoutNanoseconds)
            if answer.outcome == .ok, answer.status == 200 {
                misses = 0
                let reading = ProcessReader.read(prometheus: answer.text)
                if reading != ProcessReading() { return reading }
            }
            // A slow answer is the load's doing; an answer that is none will not get better.
            if answer.outcome != .timeout { misses += 1 }
        }
        return processID.map { ProcessReader.readProcess(String($0)) }
    }
}
