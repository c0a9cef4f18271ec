import FoundationEssentials
import Glibc

/// A target that a command has started: it is ended by its process id, whatever happens.
final class TargetProcess {
    /// Its process id.
    let processID: pid_t
    private let logPath: String
    private let probe: ProbeLaunch?
    private var isRunning = true

    private static let startSeconds = 10.0
    private static let stopSeconds = 8.0
    private static let napMicroseconds: UInt32 = 2_000
    private static let maximumLogBytes = 64 << 10

    /// Starts a command, with its output in a file.
    ///
    /// - Throws: `CampaignError` where it cannot be started.
    init(
        _ words: [String], logPath: String, probe: ProbeLaunch? = nil
    ) throws(CampaignError) {
        self.logPath = logPath
        self.probe = probe
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C reaches loadgen alone, which then ends the target in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var environment = ProcessInfo.processInfo.environment
        // The reference node then ends with loadgen, even if that is killed.
        environment["MOONBASE_EXIT_WITH_PARENT"] = "1"
        if let probe { environment = probe.environment(over: environment) }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid = pid_t()
        let number = posix_spawnp(&pid, words[0], &actions, &attributes, &arguments, &variables)
        guard number == 0 else {
            probe?.remove()
            throw CampaignError(
                .failure,
                "\"\(words.joined(separator: " "))\" did not start: "
                    + String(cString: strerror(number)),
                hint: "try the command by hand")
        }
        processID = pid
    }

    deinit {
        stop()
        probe?.remove()
    }

    /// Waits for the line that says where it listens, as `http://127.0.0.1:41234`.
    ///
    /// - Throws: `CampaignError` where it ends, or does not say it within 10 s.
    func waitForURL() throws(CampaignError) -> String {
        let naps = Int(Self.startSeconds * 1e6) / Int(Self.napMicroseconds)
        for _ in 0..<naps {
            let text = output
            if let start = text.firstRange(of: "http://"),
                let end = text[start.upperBound...].firstIndex(where: \.isWhitespace)
            {
                return String(text[start.lowerBound..<end])
            }
            if let ended = endedByItself() { throw ended }
            usleep(Self.napMicroseconds)
        }
        throw CampaignError(
            .failure,
            "the target did not say within \(Int(Self.startSeconds)) s where it listens: "
                + "\"\(output.suffix(200))\"",
            hint: "it must print its http:// URL, or take its port from {port} in the command")
    }

    /// Its last words where it has ended; absent while it runs.
    func endedByItself() -> CampaignError? {
        var status: Int32 = 0
        guard isRunning, waitpid(processID, &status, WNOHANG) == processID else { return nil }
        isRunning = false
        return CampaignError(
            .failure, "the target has ended by itself: \"\(output.suffix(300))\"",
            hint: "try the command by hand; its output is in \(logPath)")
    }

    private var output: String {
        guard let data = FileManager.default.contents(atPath: logPath) else { return "" }
        return String(decoding: data.prefix(Self.maximumLogBytes), as: UTF8.self)
    }

    /// Asks it to end, and waits; kills it and what it started where it does not.
    func stop() {
        guard isRunning else { return }
        isRunning = false
        kill(processID, SIGTERM)
        kill(processID, SIGCONT)
        for _ in 0..<Int(Self.stopSeconds * 1e6) / Int(Self.napMicroseconds) {
            if waitpid(processID, nil, WNOHANG) != 0 { return }
            usleep(Self.napMicroseconds)
        }
        kill(-processID, SIGKILL)
        waitpid(processID, nil, 0)
    }

    /// A port of this machine's loopback that nothing listens at now.
    ///
    /// - Throws: `CampaignError` where the system gives none.
    static func freePort() throws(CampaignError) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard isBound else {
            throw CampaignError(
                .failure, "no free port: \(errnoWords())", hint: "end what holds the ports")
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// The system's words for errno.
func errnoWords() -> String { String(cString: strerror(errno)) }
