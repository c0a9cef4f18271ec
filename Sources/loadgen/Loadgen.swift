import Campaigns
import Contracts
import Dispatch
import EventLoops
import Evidence
import Exchanges
import FoundationEssentials
import Glibc
import Profiles
import Reports
import Schedules
import Targets
import Verdicts

@main
struct Loadgen {
    /// The way to end a run early; signals have it too.
    let control: RunControl

    /// Not `async`: the runtime would need descriptors and threads before anything could be said.
    static func main() {
        Terminal.openMissing()
        // A script's report is of no use once nobody waits for it, so it ends at once.
        guard ParentProcess.follow("LOADGEN_EXIT_WITH_PARENT", signal: SIGKILL) else { exit(1) }
        if let problem = ProcessMinimum.problem() {
            Terminal.complain(problem)
            exit(ExitCode.failure.rawValue)
        }
        Descriptors.reserve()
        let words = Array(CommandLine.arguments.dropFirst())
        let control = RunControl { reason in
            Terminal.complain(
                "INVALID: \(reason); what was recorded is in the run's folder, and loadgen report "
                    + "reads it")
            _exit(ExitCode.invalid.rawValue)
        }
        let loading = [Command.run, .compare, .capacity].map(\.name)
        if let name = words.first, loading.contains(name) { Signals.take(over: control) }
        // The closure is the main actor's, and keeps to its thread; so it does no more than wait.
        Task {
            var code = await Loadgen(control: control).run(words)
            if let words = Terminal.lossWords {
                Terminal.complain("\(words); free some room, or send it somewhere else")
                if code == .pass { code = .failure }
            }
            exit(code.rawValue)
        }
        dispatchMain()
    }

    nonisolated func run(_ words: [String]) async -> ExitCode {
        guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
            Terminal.write(Command.overview)
            return words.isEmpty ? .usage : .pass
        }
        if name == "--version" {
            Terminal.write("loadgen \(RunDescription.version)\n")
            return .pass
        }
        do {
            guard let command = Command.all.first(where: { $0.name == name }) else {
                throw UsageError(unknownCommand: name)
            }
            let rest = Array(words.dropFirst())
            // What follows -- is for the program that is started.
            let own = command.takesCommand ? rest.prefix { $0 != "--" } : rest[...]
            if own.contains("--help") || own.contains("-h") {
                Terminal.write(command.help)
                return .pass
            }
            return try await run(command, try Arguments(rest, for: command), words)
        } catch let error as UsageError {
            let isKnown = Command.all.contains { $0.name == name }
            let help = isKnown ? "\(name) --help says more" : "--help lists the commands"
            Terminal.complain("\(error)\nloadgen \(help)")
            return .usage
        } catch let error as ProfileError {
            for problem in error.problems { Terminal.complain("\(problem)") }
            return .usage
        } catch let error as CampaignError {
            Terminal.complain("\(error)")
            return error.code == .usage ? .usage : .failure
        } catch {
            Terminal.complain("\(error)")
            return .failure
        }
    }

    private func run(
        _ command: Command, _ arguments: Arguments, _ words: [String]
    ) async throws -> ExitCode {
        switch command.name {
        case Command.run.name: return try await runProfile(arguments, words)
        case Command.list.name: return list()
        case Command.validate.name: return try validate(arguments)
        case Command.plan.name: return try plan(arguments)
        case Command.judge.name: return try judge(arguments)
        case Command.compare.name: return try await compare(arguments, words)
        case Command.capacity.name: return try await capacity(arguments, words)
        case Command.planCapacity.name: return try planCapacity(arguments)
        case Command.baseline.name: return try baseline(arguments)
        case Command.calibrate.name: return try await calibrate()
        case Command.stats.name: return try stats(arguments)
        case Command.export.name: return try export(arguments)
        case Command.exec.name: return try exec(arguments)
        default: return try report(arguments)
        }
    }

    // MARK: Profiles

    /// The folder of the package, which Scripts/loadgen sets; the present folder else.
    var home: String { getenv("LOADGEN_HOME").map { String(cString: $0) } ?? "." }

    var library: ProfileLibrary { ProfileLibrary(folder: "\(home)/Profiles") }

    /// The profile with the changes that flags make, but for those that mean something else here.
    func load(
        _ arguments: Arguments, leavingOut others: Set<String> = []
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
        var loaded = try library.load(arguments.argument, overrides: overrides)
        for host in arguments.all("--allow-host")
        where !loaded.profile.network.allowedHosts.contains(host) {
            loaded.profile.network.allowedHosts.append(host)
        }
        return loaded
    }

    /// What the profile's replays take.
    func recordings(
        for profile: Profile, _ arguments: Arguments
    ) throws -> Schedule.Recordings {
        try RecordingReader.read(
            for: profile, relativeTo: library.base(of: arguments.argument))
    }

    private func list() -> ExitCode {
        let width = (library.names.map(\.count).max() ?? 0) + 2
        for name in library.names {
            let space = String(repeating: " ", count: width - name.count)
            Terminal.write("\(name)\(space)\(library.summary(of: name))\n")
        }
        return .pass
    }

    private func calibrate() async throws -> ExitCode {
        let (calibration, isKept) = try await Calibrator().renew()
        func write(_ name: String, _ quantiles: [Calibration.Quantile]) {
            let values = quantiles.map {
                "\(Figure.quantile(partsPerMillion: $0.partsPerMillion)) "
                    + Figure.time($0.nanoseconds)
            }
            Terminal.write("\(name)  \(values.joined(separator: "  "))\n")
        }
        Terminal.write(
            "\(Figure.whole(calibration.requests)) requests at 2,000/s to a responder in this "
                + "process that answers at once\n")
        write("latency", calibration.latencies)
        write("lag    ", calibration.lags)
        let allocated =
            calibration.allocatedBytesPerRequest.map { Figure.significant($0) } ?? "unknown"
        Terminal.write("allocations  \(allocated) B a request\n")
        Terminal.write("No latency below this floor is judged on this host.\n")
        if !isKept {
            Terminal.write(
                "It could not be kept for the runs to come; set XDG_CACHE_HOME to a folder that "
                    + "can be written\n")
        }
        return .pass
    }

    private func validate(_ arguments: Arguments) throws -> ExitCode {
        let (profile, _) = try load(arguments)
        _ = try recordings(for: profile, arguments)
        if case .url(let text) = profile.target { _ = try TargetURL(text) }
        Terminal.write("\(arguments.argument): the profile \(profile.name) is valid\n")
        return .pass
    }

    private func plan(_ arguments: Arguments) throws -> ExitCode {
        let (profile, _) = try load(arguments)
        let schedule = Schedule(profile, recordings: try recordings(for: profile, arguments))
        if arguments.has("--schedule") {
            Terminal.write("due_ns\tphase\tscenario\n")
            var lines = ""
            for arrival in schedule {
                let scenario = profile.scenarios[arrival.scenario].name
                lines +=
                    "\(arrival.dueNanoseconds)\t\(profile.load[arrival.phase].name)\t\(scenario)\n"
                if lines.utf8.count > 1 << 16 {
                    Terminal.write(lines)
                    lines = ""
                }
            }
            Terminal.write(lines)
            return .pass
        }
        let arrivals = schedule.arrivalsByPhase
        let expectations = Planner.plan(profile, arrivals: arrivals)
        let judged = zip(profile.load, arrivals).filter(\.0.isJudged).flatMap(\.1).reduce(0, +)
        Terminal.write("\(profile.name): \(Figure.whole(judged)) judged arrivals\n")
        for expectation in expectations {
            Terminal.write("  \(expectation.objective)\n    \(expectation.sentence)\n")
        }
        if expectations.isEmpty {
            Terminal.write("  it has no objectives, so it can prove nothing\n")
        }
        return expectations.allSatisfy(\.isDecidable) && !expectations.isEmpty
            ? .pass : .inconclusive
    }
}
