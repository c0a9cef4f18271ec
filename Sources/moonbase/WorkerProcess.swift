import CLinux
import FoundationEssentials
import Glibc
import MoonbaseNode

/// A worker as its supervisor sees it: its process, and the pipe of its heartbeat.
final class WorkerProcess {
    let processID: pid_t
    private let pipe: Int32
    private var ended: Int32?

    /// Starts this same program as a worker.
    ///
    /// - Throws: `NodeError` where the system gives no pipe or process.
    init(listener: Listener, admin: Listener?, lock: FolderLock, words: [String]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else {
            throw NodeError(
                "no pipe: \(String(cString: strerror(errno)))",
                hint: "raise the limit on open files (ulimit -n)")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let files = [listener.raw, ends[1], lock.raw] + (admin.map { [$0.raw] } ?? [])
        // Each onto itself: this one is not closed when the program starts.
        for file in files { posix_spawn_file_actions_adddup2(&actions, file, file) }
        var environment = ProcessInfo.processInfo.environment
        environment[Supervisor.workerVariable] = files.map { String($0) }.joined(separator: ",")
        // The worker ends with its supervisor, and only the supervisor speaks to the service
        // manager.
        environment[Moonbase.parentVariable] = String(getpid())
        environment["NOTIFY_SOCKET"] = nil
        var arguments: [UnsafeMutablePointer<CChar>?] =
            (["moonbase"] + words).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid = pid_t()
        let number = posix_spawn(
            &pid, "/proc/self/exe", &actions, nil, &arguments, &variables)
        close(ends[1])
        guard number == 0 else {
            close(ends[0])
            throw NodeError(
                "no worker: \(String(cString: strerror(number)))",
                hint: "raise the limits on processes and memory (ulimit -u, -v)")
        }
        processID = pid
        pipe = ends[0]
    }

    deinit { close(pipe) }

    /// The beats since the last call; waits for one.
    func beats(waitingMilliseconds: Int32) -> [UInt8] {
        var entry = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, waitingMilliseconds) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(pipe, &bytes, bytes.count)
        // The end of the pipe is the end of the process, which is about to show.
        if count == 0 { usleep(1000) }
        return Array(bytes.prefix(max(0, count)))
    }

    /// How long its threads have waited for a processor so far, in nanoseconds; `nil` if the system
    /// does not say.
    ///
    /// - Source: the second figure of proc(5)'s `schedstat`, of each thread.
    var waitedNanoseconds: UInt64? {
        let folder = "/proc/\(processID)/task"
        guard let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return nil
        }
        var sum: UInt64?
        for thread in threads {
            guard
                let text = try? String(
                    contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8),
                let waited = text.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) })
            else { continue }
            sum = (sum ?? 0) + waited
        }
        return sum
    }

    /// How it ended, as wait(2) says; `nil` while it runs.
    var status: Int32? {
        if ended == nil {
            var status: Int32 = 0
            if waitpid(processID, &status, WNOHANG) == processID { ended = status }
        }
        return ended
    }

    func wait() {
        var status: Int32 = 0
        if ended == nil, waitpid(processID, &status, 0) == processID { ended = status }
    }
}
