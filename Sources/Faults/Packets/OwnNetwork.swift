import Glibc
public import Profiles

/// A network namespace of this process's own, in which faults may drop packets.
///
/// What it starts is in it as well, and nobody else; the kernel removes it with its last process.
public enum OwnNetwork {
    /// Holds the number of the namespace that was left.
    private static let variable = "LOADGEN_OWN_NETWORK"
    private static let program = "/usr/bin/unshare"

    /// The number of this process's namespace; 0 if the system does not say.
    static var number: UInt64 {
        var status = stat()
        return stat("/proc/self/ns/net", &status) == 0 ? UInt64(status.st_ino) : 0
    }

    /// Whether this process has begun in a namespace of its own.
    public static var isEntered: Bool {
        guard let left = getenv(variable).flatMap({ UInt64(String(cString: $0)) }) else {
            return false
        }
        return left != number
    }

    /// Whether a profile's faults need one.
    public static func isNeeded(by profile: Profile) -> Bool {
        profile.faults.contains { FaultNotations.named($0.kind)?.subject == .packets }
    }

    /// How unshare(1) gets one: as root, or with the rights of a user namespace.
    private static var flags: [String] {
        geteuid() == 0 ? ["--net"] : ["--net", "--map-current-user", "--keep-caps"]
    }

    /// Whether a namespace can be had in which `nft` works.
    static let availability: FaultAvailability = {
        guard access(PacketRules.program, X_OK) == 0 else {
            return .unavailable("\(PacketRules.program) is missing (Debian's package nftables)")
        }
        let words = flags + ["--", PacketRules.program, "list", "tables"]
        guard (try? ChildProgram.run(program, words))?.code == 0 else {
            return .unavailable("no network namespace can be made, or it has no nftables")
        }
        return .works("nftables in a network namespace of the run's own")
    }()

    /// Begins this program anew in a namespace of its own, with the same words and process id.
    ///
    /// - Returns: why that failed; where it did not, it does not return.
    public static func enter() -> FaultError {
        setenv(variable, String(number), 1)
        var path = [CChar](repeating: 0, count: 4096)
        _ = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(
            decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = [program] + flags + ["--", own] + CommandLine.arguments.dropFirst()
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        // What this thread has blocked stays blocked in the program.
        var signals = sigset_t()
        sigemptyset(&signals)
        pthread_sigmask(SIG_SETMASK, &signals, nil)
        execv(program, &arguments)
        return FaultError(calling: "execv \(program)")
    }

    /// Makes the loopback of a namespace that was just entered work.
    public static func begin() {
        guard isEntered else { return }
        let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var request = ifreq()
        withUnsafeMutableBytes(of: &request.ifr_ifrn) { $0.copyBytes(from: "lo".utf8) }
        request.ifr_ifru.ifru_flags = Int16(IFF_UP)
        _ = ioctl(socket, UInt(SIOCSIFFLAGS), &request)
    }
}
