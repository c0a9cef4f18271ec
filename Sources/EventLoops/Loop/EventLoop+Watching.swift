import CLinux
import Glibc
import Synchronization

/// What another thread sees of a loop.
extension EventLoop: WatchedLoop {
    /// A number that changes whenever the loop comes round: odd while it works, even while it waits
    /// for events.
    public var rounds: UInt64 { round.load(ordering: .relaxed) }

    /// The CPU time of its thread, in nanoseconds; only before `stop`.
    public var processorNanoseconds: UInt64 {
        var clock = clockid_t()
        var time = timespec()
        guard pthread_getcpuclockid(thread, &clock) == 0, clock_gettime(clock, &time) == 0 else {
            return 0
        }
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Ends the connections that keep the loop.
    public func shutSockets() { sockets.shut() }
}

/// A loop as a watchdog sees it; everything is callable on any thread.
public protocol WatchedLoop: AnyObject, Sendable {
    /// Its name.
    var name: String { get }
    /// Changes whenever it comes round; odd while it works, even while it waits.
    var rounds: UInt64 { get }
    /// The CPU time that it has used, in nanoseconds.
    var processorNanoseconds: UInt64 { get }
    /// Ends the connections that it serves.
    func shutSockets()
}
