import CLinux
import Glibc

extension EventLoop {
    /// Makes this loop's thread run soon when it wakes, before others that share its core; on the
    /// loop only.
    ///
    /// A kernel that cannot takes no notice.
    ///
    /// - Parameter atRealTime: before all others, where the system permits it. A thread that never
    ///   waits would keep its core from them.
    /// - Returns: whether it is at real-time priority.
    @discardableResult
    public func runPromptly(atRealTime: Bool = false) -> Bool {
        precondition(isCurrent, "runPromptly is for the loop's own thread")
        _ = linux_set_turn(100_000)
        return atRealTime && linux_set_real_time() == 0
    }

    /// Lets every other thread go before this loop's where they share a core; on the loop only.
    ///
    /// Threads and processes that it starts from then on do so, too.
    public func runBehindOthers() {
        precondition(isCurrent, "runBehindOthers is for the loop's own thread")
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        yieldTimer = YieldTimer()
        yieldTimer?.start()
    }

    /// Whether this process was given some of the machine's CPUs (by taskset, a container or the
    /// like), and at least `count` of them.
    public static func hasOwnProcessors(atLeast count: Int) -> Bool {
        let allowed = Int(linux_allowed_cpus())
        return allowed >= count && allowed < sysconf(Int32(_SC_NPROCESSORS_ONLN))
    }
}
