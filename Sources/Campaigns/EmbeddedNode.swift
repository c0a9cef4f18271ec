import CLinux
import FoundationEssentials
import Glibc

/// The reference node as a child process on a free loopback port, for one run.
final class EmbeddedNode {
    /// Where it listens, as `http://127.0.0.1:41234`.
    let url: String
    /// Its process id.
    let processID: pid_t
    private var isRunning = true

    private static let startSeconds = 10.0
    private static let stopSeconds = 8.0

    /// Starts the node and waits for the line that says where it listens.
    ///
    /// - Throws: `CampaignError` where it is not there, or does not start within 10 s.
    init(executable: String) throws(CampaignError) {
        guard access(executable, X_OK) == 0 else {
            throw CampaignError(
                .failure, "the reference node is not at \(executable)",
                hint: "build it with Scripts/loadgen, or name another target with --target URL")
        }
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw CampaignError(.failure, "no pipe: \(errnoWords())", hint: "close some files")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C reaches loadgen alone, which then ends the node in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var pid = pid_t()
        let number = Self.spawn(&pid, executable, &actions, &attributes)
        close(ends[1])
        guard number == 0 else {
            close(ends[0])
            throw CampaignError(
                .failure, "the reference node did not start: \(String(cString: strerror(number)))",
                hint: "try \(executable) --port 0 by hand")
        }
        processID = pid
        let line = Self.readLine(ends[0], seconds: Self.startSeconds)
        close(ends[0])
        guard let start = line.firstRange(of: "http://") else {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw CampaignError(
                .failure, "the reference node did not say where it listens: \"\(line)\"",
                hint: "try \(executable) --port 0 by hand")
        }
        url = String(line[start.lowerBound...].prefix { !$0.isWhitespace })
    }

    private static func spawn(
        _ pid: inout pid_t, _ executable: String, _ actions: inout posix_spawn_file_actions_t,
        _ attributes: inout posix_spawnattr_t
    ) -> Int32 {
        var environment = ProcessInfo.processInfo.environment
        environment["MOONBASE_EXIT_WITH_PARENT"] = "1"
        let words = [executable, "--port", "0"]
        let settings = environment.map { "\($0.key)=\($0.value)" }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        return posix_spawn(&pid, executable, &actions, &attributes, &arguments, &variables)
    }

    /// Reads up to the first end of line, for a bounded time.
    private static func readLine(_ descriptor: Int32, seconds: Double) -> String {
        var line: [UInt8] = []
        var left = Int32(seconds * 1000)
        while left > 0, line.count < 4096 {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 100) > 0 else {
                left -= 100
                continue
            }
            var byte: UInt8 = 0
            guard read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Asks it to drain and exit, and waits; kills it where it does not.
    func stop() {
        guard isRunning else { return }
        isRunning = false
        kill(processID, SIGTERM)
        kill(processID, SIGCONT)
        for _ in 0..<Int(Self.stopSeconds * 100) {
            if waitpid(processID, nil, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(processID, SIGKILL)
        waitpid(processID, nil, 0)
    }
}

/// The system's words for errno.
func errnoWords() -> String { String(cString: strerror(errno)) }
