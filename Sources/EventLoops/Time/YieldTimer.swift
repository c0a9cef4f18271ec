import CLinux
import Glibc

/// Makes a thread give way, every 500 µs while it works, to others that wait for its core.
///
/// A low priority is not enough. A thread that is woken in the microseconds after its turn has just
/// had its share, and gets the core back only when the kernel next looks, at its tick: up to 4 ms
/// late for a due time.
struct YieldTimer {
    private static let nanoseconds = 500_000
    /// The kernel's number, which is nil for the first timer of a process.
    private let timer: timer_t?

    /// A timer of the calling thread, which does not ring yet; nil where the system has none.
    init?() {
        var timer: timer_t?
        guard linux_make_give_way_timer(&timer) == 0 else { return nil }
        self.timer = timer
        // What a thread gives up when it gives way is the rest of its turn.
        _ = linux_set_turn(100_000)
    }

    func start() { _ = linux_ring_every(timer, Self.nanoseconds) }

    func stop() { _ = linux_ring_every(timer, 0) }

    func end() { _ = timer_delete(timer) }
}
