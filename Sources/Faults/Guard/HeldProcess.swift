import CLinux
import Collector
import Glibc

/// A process that is held by a descriptor of it, so that no other one is meant that gets its id.
final class HeldProcess {
    let id: Int32
    /// When it started, in clock ticks since boot.
    let start: UInt64
    private let descriptor: Int32

    /// Holds a process.
    ///
    /// - Throws: `FaultError` if there is none, or it may not be struck.
    convenience init(_ id: Int32) throws(FaultError) {
        guard let process = try Self.ifAlive(id) else {
            throw FaultError(
                "there is no process \(id)", hint: "see that the target still runs")
        }
        self.init(process)
    }

    private init(_ other: HeldProcess) {
        id = other.id
        start = other.start
        descriptor = fcntl(other.descriptor, F_DUPFD_CLOEXEC, 0)
    }

    private init(id: Int32, start: UInt64, descriptor: Int32) {
        self.id = id
        self.start = start
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The process if it lives.
    ///
    /// - Throws: `FaultError` if it may not be struck.
    static func ifAlive(_ id: Int32) throws(FaultError) -> HeldProcess? {
        if let problem = obstacle(to: id) { throw problem }
        let descriptor = linux_call(Int(SYS_pidfd_open), Int(id), 0, 0, 0, 0, 0)
        guard descriptor >= 0 else { return nil }
        guard let stat = ProcessStat(id), !stat.hasEnded else {
            close(Int32(descriptor))
            return nil
        }
        return HeldProcess(id: id, start: stat.start, descriptor: Int32(descriptor))
    }

    /// Why a process may not be struck; `nil` if it may.
    static func obstacle(to id: Int32) -> FaultError? {
        let hint = "name a process that the target has"
        guard id > 1 else { return FaultError("process \(id) is the system's", hint: hint) }
        var own: Int32? = getpid()
        // What has started loadgen would take loadgen with it; the chain ends at process 1.
        while let process = own, process > 1 {
            if process == id {
                return FaultError(
                    process == getpid()
                        ? "process \(id) is loadgen itself"
                        : "loadgen itself was started by process \(id)", hint: hint)
            }
            own = ProcessStat(process)?.parent
        }
        return nil
    }

    /// Whether it has ended.
    var hasEnded: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Sends it a signal; nothing if it has ended.
    ///
    /// - Throws: `FaultError` if the system does not allow it.
    func signal(_ number: Int32) throws(FaultError) {
        let result = linux_call(
            Int(SYS_pidfd_send_signal), Int(descriptor), Int(number), 0, 0, 0, 0)
        guard result >= 0 || result == -Int(ESRCH) else {
            throw FaultError(
                "process \(id) cannot be signalled: \(String(cString: strerror(Int32(-result))))",
                hint: "run loadgen as the user of the target")
        }
    }
}
