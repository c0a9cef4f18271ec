import Collector
public import EventLoops

extension Shard: HoldUpHandler {
    /// Keeps time in which requests were due or in flight, and nobody looked.
    public func loopWasHeldUp(from: UInt64, to: UInt64, isCallDue: Bool) {
        guard !isOver, to > startNanoseconds, isCallDue || inFlight > 0 else { return }
        recorder.recordBlind(from: from, to: to)
    }
}
