import ArgumentParsing
import Campaigns
import Contracts
import Exchanges
import Profiles
import Schedules

extension Invocation {
    /// The profile with the changes that flags make, but for those that mean something else here.
    ///
    /// - Parameter reference: the profile's name or path; the command's argument if it is `nil`.
    func load(
        named reference: String? = nil, leavingOut others: Set<String> = []
    ) throws -> (profile: Profile, contract: Contract) {
        var overrides: [Override] = []
        for text in arguments.all("--set") {
            let parts = text.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw UsageError("--set wants KEY=VALUE, as in limits.timeout=2s, not \"\(text)\"")
            }
            overrides.append(
                Override(flag: "--set \(parts[0])", place: .key(parts[0]), value: parts[1]))
        }
        let places: [(String, Override.Place)] = [
            ("--rate", .rate), ("--duration", .duration), ("--seed", .key("seed")),
            ("--target", .key("target")), ("--transport", .key("network.transport")),
            ("--pid", .key("target.pid")),
        ]
        for (flag, place) in places where !others.contains(flag) {
            guard let value = arguments.value(flag) else { continue }
            overrides.append(Override(flag: flag, place: place, value: value))
        }
        var loaded = try library.load(
            reference ?? arguments.argument, overrides: overrides)
        for host in arguments.all("--allow-host")
        where !loaded.profile.network.allowedHosts.contains(host) {
            loaded.profile.network.allowedHosts.append(host)
        }
        return loaded
    }

    /// Refuses a profile with faults: a verdict without them would be one on another load.
    func refuseFaults(of profile: Profile) throws(UsageError) {
        guard profile.faults.isEmpty else {
            throw UsageError(
                "\(profile.name) has faults, which \(words[0]) cannot strike; "
                    + "loadgen chaos plan says when they would")
        }
    }

    /// What the profile's replays take.
    func recordings(for profile: Profile) throws -> Schedule.Recordings {
        try RecordingReader.read(
            for: profile, relativeTo: library.base(of: arguments.argument))
    }

    /// How many generator threads `--threads` asks for.
    func threads() throws(UsageError) -> Int {
        try arguments.number("--threads", in: 1...64) ?? SingleRun.defaultThreads
    }
}
