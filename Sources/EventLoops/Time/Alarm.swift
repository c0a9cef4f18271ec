import CLinux
import Glibc

/// A timer of the kernel's whose descriptor becomes readable when its time has come.
struct Alarm: ~Copyable {
    let descriptor: Int32
    /// What it is set to, in monotonic nanoseconds; `UInt64.max` while it is not.
    private var deadline = UInt64.max

    init() throws(SystemCallError) {
        descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw SystemCallError(call: "timerfd_create", number: errno)
        }
    }

    deinit { close(descriptor) }

    /// Whether it rings then, or has.
    func isSet(to time: UInt64) -> Bool { deadline == time }

    /// Sets it to another time, which may have passed, unless it is set to that.
    mutating func set(to time: UInt64) {
        guard time != deadline else { return }
        deadline = time
        var setting = itimerspec()
        if time < UInt64.max {
            setting.it_value.tv_sec = Int(time / 1_000_000_000)
            setting.it_value.tv_nsec = Int(time % 1_000_000_000)
        }
        timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }
}
