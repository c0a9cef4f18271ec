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
        let line = reference == nil ? try loadLine() : nil
        let said = line == nil ? others : others.union(LoadLine.shared)
        for (flag, place) in places where !said.contains(flag) {
            guard let value = arguments.value(flag) else { continue }
            overrides.append(Override(flag: flag, place: place, value: value))
        }
        var loaded =
            if let line {
                try ProfileLibrary.decode(
                    line.profile, file: "the line's profile (--print-profile)", name: line.name,
                    base: ".", overrides: overrides)
            } else {
                try library.load(reference ?? arguments.argument, overrides: overrides)
            }
        if line == nil { try ask(&loaded.profile) }
        for host in arguments.all("--allow-host")
        where !loaded.profile.network.allowedHosts.contains(host) {
            loaded.profile.network.allowedHosts.append(host)
        }
        return loaded
    }

    /// The load that the line itself describes; `nil` if it names a profile.
    ///
    /// - Throws: `UsageError` if it does both.
    func loadLine() throws(UsageError) -> LoadLine? {
        guard arguments.arguments.contains(where: LoadLine.isURL) else {
            if let flag = LoadLine.flags.first(where: { !arguments.all($0.name).isEmpty }) {
                throw UsageError(
                    "\(flag.name) goes with a URL; in a profile, the profile says it "
                        + "(loadgen run URL --print-profile shows how)")
            }
            if arguments.arguments.count > 1 {
                throw UsageError(
                    "\(words[0]) takes one PROFILE; \"\(arguments.arguments[1])\" is one more")
            }
            return nil
        }
        return try LoadLine(arguments)
    }

    /// Puts the objectives that `--objective` gives in the place of the profile's.
    ///
    /// - Throws: `UsageError` if one is none, or none of this profile's.
    func ask(_ profile: inout Profile) throws(UsageError) {
        let texts = arguments.all("--objective")
        guard !texts.isEmpty else { return }
        profile.objectives = try texts.map { text throws(UsageError) in
            let objective: Objective
            do { objective = try Objective(reading: text) } catch {
                throw UsageError("--objective \(error)")
            }
            if let problem = profile.problem(of: objective) {
                throw UsageError("--objective \"\(text)\": \(problem)")
            }
            return objective
        }
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
