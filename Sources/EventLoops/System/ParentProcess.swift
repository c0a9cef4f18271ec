import CLinux
import Glibc

/// The process that has started this one.
public enum ParentProcess {
    /// Has the kernel send a signal when the parent ends, if a variable of the environment asks
    /// for that: it holds the parent's process id, or 1 if that is not known.
    ///
    /// The variable is removed, since it is not about the children of this process.
    ///
    /// Call it on the main thread: the kernel forgets the wish with the thread that asks.
    /// - Returns: false if the parent has ended already.
    public static func follow(_ variable: String, signal: Int32) -> Bool {
        guard let text = getenv(variable).map({ String(cString: $0) }) else { return true }
        unsetenv(variable)
        _ = linux_signal_on_parent_death(signal)
        // It may have ended before the kernel was asked.
        guard let parent = pid_t(text), parent > 1 else { return true }
        return getppid() == parent
    }
}
