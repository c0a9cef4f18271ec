import EventLoops

extension EventLoop {
    /// Comes back once the loop has looked at its descriptors, and told every handler that is
    /// watching what it saw; on the loop only.
    func turn() async {
        await withCheckedContinuation { call(Resumption($0), at: 0) }
    }
}

/// Resumes a task when a timer calls it.
private final class Resumption: TimerHandler {
    private let continuation: CheckedContinuation<Void, Never>

    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }

    func timerFired(at now: UInt64) { continuation.resume() }
}
