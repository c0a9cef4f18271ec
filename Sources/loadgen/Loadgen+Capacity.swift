import Campaigns
import Evidence
import FoundationEssentials
import Profiles
import Reports
import Targets
import Verdicts

extension Loadgen {
    /// Searches the highest rate at which a profile's objectives hold.
    func capacity(_ arguments: Arguments, _ words: [String]) async throws -> ExitCode {
        let format = try CapacityFormat(arguments.value("--format"))
        let (profile, contract) = try load(arguments, leavingOut: ["--target"])
        let source = try target(of: profile, arguments)
        // Replays and closed loads have no rate that could be raised; the steps replace them all.
        let highest = profile.load.compactMap { $0.model.highestRate?.perSecond }.max() ?? 0
        let most = try arguments.rate("--to") ?? 100_000
        let first = try arguments.rate("--from") ?? max(1, highest / 10)
        guard first <= most else {
            throw UsageError("--from is at most --to, \(Figure.significant(most))/s")
        }
        let isShown = !arguments.has("--quiet")
        let campaign = CapacityCampaign(
            profile: profile, contract: contract,
            options: CapacityCampaign.Options(
                target: source, first: first, most: most,
                maximumSeconds: try arguments.duration("--max-duration") ?? 600,
                confirmSeconds: try Self.confirmSeconds(arguments),
                run: SingleRun.Options(
                    resultsFolder: arguments.value("--out") ?? "\(home)/Results/capacity",
                    threads: try arguments.number("--threads", in: 1...64)
                        ?? SingleRun.defaultThreads,
                    command: ["loadgen"] + words, nodeExecutable: besideOwn("moonbase"))),
            control: control,
            observe: { step in
                if isShown {
                    Terminal.note(
                        "\(step.stage.rawValue)  \(Figure.significant(step.rate, digits: 4))/s  "
                            + "\(step.outcome.rawValue)  \(step.reason)\n")
                }
            })
        let result = try await campaign.execute()
        try CapacityReport.write(result.capacity, to: result.folder)
        Terminal.show(format.text(result.capacity), isForPeople: format == .text)
        if format == .text { Terminal.write("\(result.folder)\n") }
        if result.isInterrupted { return .interrupted }
        return ExitCode(rawValue: result.capacity.exitCode) ?? .failure
    }

    /// Shorter ones than a few seconds cannot show whether a queue grows.
    private static func confirmSeconds(_ arguments: Arguments) throws(UsageError) -> Double? {
        guard let seconds = try arguments.duration("--confirm") else { return nil }
        let least = Double(CapacityStability.minimumSeconds)
        guard (least...86_400).contains(seconds) else {
            throw UsageError(
                "--confirm is from \(Figure.significant(least)) s to a day: a shorter one cannot "
                    + "show whether a queue grows")
        }
        return seconds
    }

    private func target(of profile: Profile, _ arguments: Arguments) throws -> TargetSource {
        if let text = arguments.value("--target") { return try TargetSource(text) }
        switch profile.target {
        case .embedded: return .command(["moonbase", "--port", "0"])
        case .url(let url): return .url(url)
        case .command(let text): return try TargetSource(text)
        }
    }

    /// Says how many nodes a load needs.
    func planCapacity(_ arguments: Arguments) throws -> ExitCode {
        let format = try CapacityFormat(arguments.value("--format"))
        let wish = try wish(arguments)
        let capacity = try readCapacity(arguments.argument)
        guard let plan = CapacityPlan(capacity, wish: wish) else {
            Terminal.complain(
                "\(arguments.argument) has no confirmed rate to plan by: \(capacity.sentence)")
            return ExitCode(rawValue: capacity.exitCode) ?? .failure
        }
        Terminal.show(format.text(plan), isForPeople: format == .text)
        return .pass
    }

    private func readCapacity(_ reference: String) throws -> Capacity {
        let places = [
            "\(reference)/capacity.json", reference,
            "\(home)/Results/capacity/\(reference)/capacity.json",
        ]
        for place in places {
            guard EvidenceFile.isFile(place) else { continue }
            guard let capacity = CapacityReport.capacity(parsing: try EvidenceFile.result(place))
            else { throw UsageError("\(place) is no result of loadgen capacity") }
            return capacity
        }
        throw UsageError(
            "\(reference) is no folder with a capacity.json; make one with loadgen capacity")
    }

    private func wish(_ arguments: Arguments) throws(UsageError) -> CapacityPlan.Wish {
        guard let rate = try arguments.rate("--target-rate") else {
            throw UsageError(
                "plan-capacity wants --target-rate, as in: \(Command.planCapacity.examples[0])")
        }
        var wish = CapacityPlan.Wish(targetRate: rate)
        if let headroom = try arguments.share("--headroom") { wish.headroom = headroom }
        if let text = arguments.value("--peak") {
            guard let peak = Double(text), peak >= 1, peak <= 1_000 else {
                throw UsageError("--peak is a factor from 1 to 1000, as in 1.3, not \"\(text)\"")
            }
            wish.peakFactor = peak
        }
        if let text = arguments.value("--redundancy") {
            let parts = text.split(separator: "+", omittingEmptySubsequences: false)
            let spare = text == "N" ? 0 : parts.count == 2 ? Int(parts[1]) : nil
            guard parts[0] == "N", let spare, (0...1_000).contains(spare) else {
                throw UsageError("--redundancy is N, N+1, N+2 and so on, not \"\(text)\"")
            }
            wish.spare = spare
        }
        if let text = arguments.value("--growth") {
            let isMonthly = text.hasSuffix("/month")
            let share = isMonthly ? Arguments.share(String(text.dropLast(6))) : nil
            guard let share, share >= 1e-6, share <= 10 else {
                throw UsageError("--growth is a share a month, as in 8%/month, not \"\(text)\"")
            }
            wish.growthPerMonth = share
        }
        return wish
    }
}

/// The form of a capacity on standard output.
enum CapacityFormat: String, CaseIterable {
    case text
    case markdown
    case json
    case html

    init(_ name: String?) throws(UsageError) {
        guard let format = Self(rawValue: name ?? "text") else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--format is one of \(known), not \"\(name ?? "")\"")
        }
        self = format
    }

    func text(_ capacity: Capacity) -> String {
        switch self {
        case .text: CapacityReport.text(capacity)
        case .markdown: CapacityReport.markdown(capacity)
        case .json: CapacityReport.json(capacity)
        case .html: CapacityReport.html(capacity)
        }
    }

    func text(_ plan: CapacityPlan) -> String {
        switch self {
        case .text: CapacityPlanReport.text(plan)
        case .markdown: CapacityPlanReport.markdown(plan)
        case .json: CapacityPlanReport.json(plan)
        case .html: CapacityPlanReport.html(plan)
        }
    }
}
