import EventLoops
import Exchanges
import FoundationEssentials
import Glibc
import Profiles
import Targets

/// What the system lets one process have, against what a profile may need of it.
enum Headroom {
    /// Descriptors that are not connections: files, the control loop, the target's metrics; and
    /// those of each generator loop.
    private static func otherDescriptors(threads: Int) -> Int { 60 + 4 * threads }

    /// The most requests that may be under way at once, each on a connection of its own.
    static func maximumAtOnce(_ profile: Profile) -> Int {
        let open = profile.load.contains(where: \.model.isOpen) ? profile.limits.inFlight : 0
        // A phase's last users may still be at work when the next one's come.
        return profile.load.reduce(open) { $0 + ($1.model.maximumUsers ?? 0) }
    }

    /// Refuses a profile whose connections cannot all be open at once.
    ///
    /// - Throws: `CampaignError` with the number that fits.
    static func check(
        _ profile: Profile, threads: Int, descriptors: Int
    ) throws(CampaignError) {
        let users = profile.load.compactMap(\.model.maximumUsers).max() ?? 0
        let open = profile.load.contains(where: \.model.isOpen) ? profile.limits.inFlight : 0
        let most = profile.limits.connections ?? max(users, open)
        let needed = min(most, max(users, open))
        let others = otherDescriptors(threads: threads)
        guard needed + others <= descriptors else {
            let fewer =
                descriptors > others
                ? ", or set limits: connections to at most \(descriptors - others)" : ""
            throw CampaignError(
                .usage,
                "the profile may open \(needed) connections, and the system gives this process "
                    + "\(descriptors) descriptors",
                hint: "raise the limit (ulimit -n \(needed + others))\(fewer)")
        }
        if let problem = ProcessMinimum.threadProblem(needed: ProcessMinimum.threads + threads) {
            throw CampaignError(.failure, problem, hint: "or give fewer with --threads")
        }
        let isTCP = !(profile.network.connectTo?.hasPrefix("unix:") ?? false)
        guard isTCP, profile.network.sourceAddresses.isEmpty, let ports = ephemeralPorts,
            needed > ports
        else { return }
        throw CampaignError(
            .usage,
            "the profile may open \(needed) connections, and one address has \(ports) ports",
            hint: "give more addresses with network: source addresses, as in "
                + "127.0.0.1-127.0.0.8, or set limits: connections to at most \(ports)")
    }

    /// How many ports a connection can be made from, by the system's range.
    private static var ephemeralPorts: Int? {
        let path = "/proc/sys/net/ipv4/ip_local_port_range"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let ends = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[1] - ends[0] + 1
    }
}
