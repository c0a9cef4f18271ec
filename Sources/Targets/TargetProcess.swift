import EventLoops
import FoundationEssentials
import Glibc

/// A target that a command has started, behind a guard that ends it and all that it has started,
/// whatever happens to loadgen.
///
/// The guard is a process of its own (`CLibraries/TargetGuard`). It holds one end of a socket;
/// the other is closed by `stop`, or by the kernel where this process is killed.
final class TargetProcess {
    /// Its process id.
    let processID: pid_t
    private let guardID: pid_t
    private let control: Int32
    private let logPath: String
    private let log: Int32
    private let probe: ProbeLaunch?
    /// How the target ended, and the last of its output; `nil` while it runs.
    private var ended: (status: Int32, words: String)?
    private var isStopped = false

    private static let startMilliseconds: Int32 = 10_000
    private static let stopMilliseconds: Int32 = 8_000
    private static let maximumLogBytes = 64 << 10

    /// Starts a command; the first and the last 64 KiB of its output go to a file.
    ///
    /// - Throws: `CampaignError` if it cannot be started.
    init(
        _ words: [String], logPath: String, probe: ProbeLaunch? = nil,
        guardPath: String = ProgramFile.besideOwn("target-guard")
    ) throws(CampaignError) {
        self.logPath = logPath
        self.probe = probe
        log = open(logPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        do throws(CampaignError) {
            guard log >= 0 else {
                throw CampaignError(
                    .failure, "\(logPath) cannot be written: \(errnoWords())",
                    hint: "name another folder with --out DIR")
            }
            (guardID, control) = try Self.startGuard(guardPath, words, log: log, probe: probe)
        } catch {
            close(log)
            probe?.remove()
            throw error
        }
        let answer = Self.packet(control, withinMilliseconds: Self.startMilliseconds) ?? ""
        let parts = answer.split(separator: " ")
        if parts.first == "started", parts.count == 2, let process = pid_t(parts[1]) {
            processID = process
            return
        }
        close(control)
        close(log)
        waitpid(guardID, nil, 0)
        probe?.remove()
        let number = parts.count == 2 ? Int32(parts[1]) : nil
        let reason = number.map { String(cString: strerror($0)) } ?? "its guard has ended"
        throw CampaignError(
            .failure, "\"\(words.joined(separator: " "))\" did not start: \(reason)",
            hint: "try the command by hand")
    }

    deinit {
        stop()
        close(log)
    }

    /// Starts the guard, which starts the command; its process id and our end of its socket.
    private static func startGuard(
        _ path: String, _ words: [String], log: Int32, probe: ProbeLaunch?
    ) throws(CampaignError) -> (pid_t, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw CampaignError(
                .failure, "no socket for the target's guard: \(errnoWords())",
                hint: "allow more open files (ulimit -n)")
        }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        for output in Int32(1)...2 { posix_spawn_file_actions_adddup2(&actions, 0, output) }
        // Each onto itself: this one is not closed when the program starts.
        for file in [ends[1], log] { posix_spawn_file_actions_adddup2(&actions, file, file) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C must not end it before it has a session of its own.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var environment = ProcessInfo.processInfo.environment
        if let probe { environment = probe.environment(over: environment) }
        let all = ["target-guard", String(ends[1]), String(log)] + words
        var arguments: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process = pid_t()
        let number = posix_spawn(
            &process, path, &actions, &attributes, &arguments, &variables)
        guard number == 0 else {
            close(ends[0])
            throw CampaignError(
                .failure,
                "the guard of targets, \(path), did not start: "
                    + String(cString: strerror(number)),
                hint: "build it with Scripts/build")
        }
        return (process, ends[0])
    }

    /// Waits for the line that says where it listens, as `http://127.0.0.1:41234`.
    ///
    /// - Throws: `CampaignError` if it ends, or does not say it within 10 s.
    func waitForURL() throws(CampaignError) -> String {
        let end = Self.milliseconds + Int(Self.startMilliseconds)
        while true {
            // Output that comes after this look is announced by a packet.
            let text = output
            if let start = text.firstRange(of: "http://"),
                let end = text[start.upperBound...].firstIndex(where: \.isWhitespace)
            {
                return String(text[start.lowerBound..<end])
            }
            let rest = end - Self.milliseconds
            guard rest > 0 else { break }
            hear(withinMilliseconds: Int32(rest))
            if let ended = endedByItself() { throw ended }
        }
        throw CampaignError(
            .failure,
            "the target did not say within \(Self.startMilliseconds / 1000) s where it listens: "
                + "\"\(output.suffix(200))\"",
            hint: "it must print its http:// URL, or take its port from {port} in the command")
    }

    /// Its last words if it has ended; `nil` while it runs.
    func endedByItself() -> CampaignError? {
        while ended == nil, hear(withinMilliseconds: 0) {}
        guard let ended else { return nil }
        return CampaignError(
            .failure,
            "the target has ended by itself, \(Self.words(status: ended.status)): "
                + "\"\(ended.words)\"",
            hint: "try the command by hand; its output is in \(logPath)")
    }

    /// What wait(2) says of an end, in words.
    private static func words(status: Int32) -> String {
        let number = status & 0x7f
        return number == 0
            ? "with exit code \(status >> 8 & 0xff)"
            : "by signal \(number) (\(String(cString: strsignal(number))))"
    }

    /// The start of its output.
    private var output: String {
        var bytes = [UInt8](repeating: 0, count: Self.maximumLogBytes)
        let count = pread(log, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Takes what the guard says next; false if that is nothing.
    @discardableResult
    private func hear(withinMilliseconds time: Int32) -> Bool {
        guard ended == nil,
            let packet = Self.packet(control, withinMilliseconds: time)
        else { return false }
        if packet.isEmpty {
            // Somebody has killed the guard, and the kernel the target with it.
            ended = (SIGKILL, "")
        } else if packet.hasPrefix("ended ") {
            let lines = packet.dropFirst(6).split(
                separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            ended = (Int32(lines[0]) ?? 0, lines.count > 1 ? String(lines[1]) : "")
        }
        return true
    }

    /// The next packet of the guard; empty at its end, `nil` if none came.
    private static func packet(_ control: Int32, withinMilliseconds time: Int32) -> String? {
        let end = milliseconds + Int(time)
        var entry = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, Int32(max(0, end - milliseconds))) < 0 {
            guard errno == EINTR else { return nil }
        }
        guard entry.revents != 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = recv(control, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static var milliseconds: Int {
        Int(MonotonicClock.system.nowNanoseconds / 1_000_000)
    }

    /// Asks it to end, and waits for 8 s; then what is left of it and of what it started is killed.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        send(control, "t", 1, Int32(MSG_NOSIGNAL))
        let end = Self.milliseconds + Int(Self.stopMilliseconds)
        while ended == nil, Self.milliseconds < end {
            hear(withinMilliseconds: Int32(end - Self.milliseconds))
        }
        close(control)
        waitpid(guardID, nil, 0)
        probe?.remove()
    }

    /// A port of this machine's loopback that nothing listens at now.
    ///
    /// - Throws: `CampaignError` where the system gives none.
    static func freePort() throws(CampaignError) -> Int {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
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
