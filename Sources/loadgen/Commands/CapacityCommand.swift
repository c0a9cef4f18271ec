import ArgumentParsing
import Campaigns
import Evidence
import Profiles
import Reports
import Targets
import Verdicts

struct CapacityCommand: Command {
    static let syntax = CommandSyntax(
        name: "capacity", argument: "PROFILE",
        summary: "find the highest rate at which every objective holds",
        flags: [
            Flag(
                name: "--target", value: "TARGET",
                help: "a URL, or a command that starts it; the profile's target"),
            Flag(
                name: "--from", value: "RATE",
                help: "the first rate; a tenth of the profile's highest"),
            Flag(name: "--to", value: "RATE", help: "no rate above this; 100000/s"),
            Flag(
                name: "--max-duration", value: "TIME", help: "no step begins after this; 10m"),
            Flag(
                name: "--confirm", value: "TIME",
                help: "how long the confirming step lasts; 60s, or 20 times the latency bound"),
            .format(of: Capacity.self),
            Flag(name: "--out", value: "DIR", help: "where its folder goes; Results/capacity"),
            .threads,
            Flag(name: "--seed", value: "NUMBER", help: "the seed of the first step"),
            .allowHost,
            .set,
            Flag(name: "--quiet", value: nil, help: "no line for each step"),
        ],
        examples: [
            "loadgen capacity ping", "loadgen capacity ping --from 500/s --max-duration 5m",
        ])

    static let stopsInOrder = true

    let call: Invocation

    /// Searches the highest rate at which a profile's objectives hold.
    func run() async throws -> ExitCode {
        let format: ReportFormat<Capacity> = try call.reportFormat()
        let (profile, contract) = try call.load(leavingOut: ["--target"])
        try call.refuseFaults(of: profile)
        let source = try target(of: profile)
        // Replays and closed loads have no rate that could be raised; the steps replace them all.
        let highest = profile.load.compactMap { $0.model.highestRate?.perSecond }.max() ?? 0
        let most = try call.arguments.rate("--to") ?? 100_000
        let first = try call.arguments.rate("--from") ?? max(1, highest / 10)
        guard first <= most else {
            throw UsageError("--from is at most --to, \(Figure.significant(most))/s")
        }
        let isShown = !call.arguments.has("--quiet")
        let campaign = CapacityCampaign(
            profile: profile, contract: contract,
            options: CapacityCampaign.Options(
                target: source, first: first, most: most,
                maximumSeconds: try call.arguments.duration("--max-duration") ?? 600,
                confirmSeconds: try confirmSeconds(),
                run: SingleRun.Options(
                    resultsFolder: call.arguments.value("--out") ?? "\(call.home)/Results/capacity",
                    threads: try call.threads(),
                    command: call.command, nodeExecutable: ProgramFile.besideOwn("moonbase"))),
            control: call.control,
            observe: { step in
                if isShown {
                    Terminal.note(
                        "\(step.stage.rawValue)  \(Figure.significant(step.rate, digits: 4))/s  "
                            + "\(step.outcome.rawValue)  \(step.reason)\n")
                }
            })
        let result = try await campaign.execute()
        try result.capacity.writeReports(to: result.folder)
        Terminal.show(format.text(result.capacity), isForPeople: format == .text)
        if format == .text { Terminal.write("\(result.folder)\n") }
        if result.isInterrupted { return .interrupted }
        return ExitCode(rawValue: result.capacity.exitCode) ?? .failure
    }

    /// Shorter ones than a few seconds cannot show whether a queue grows.
    private func confirmSeconds() throws(UsageError) -> Double? {
        guard let seconds = try call.arguments.duration("--confirm") else { return nil }
        let least = Double(CapacityStability.minimumSeconds)
        guard (least...86_400).contains(seconds) else {
            throw UsageError(
                "--confirm is from \(Figure.significant(least)) s to a day: a shorter one cannot "
                    + "show whether a queue grows")
        }
        return seconds
    }

    private func target(of profile: Profile) throws -> TargetSource {
        if let text = call.arguments.value("--target") { return try TargetSource(text) }
        switch profile.target {
        case .embedded: return .command(["moonbase", "--port", "0"])
        case .url(let url): return .url(url)
        case .command(let text): return try TargetSource(text)
        }
    }
}
