import ArgumentParsing
import Campaigns
import Contracts
import Profiles
import Reports
import Verdicts

/// Several fresh runs of a profile, as `run --repeat` asks for, and what they say together.
struct RepeatedRuns {
    private let call: Invocation
    private let count: Int
    private let format: ReportFormat<RepeatRecord>

    /// What `--repeat` asks for; `nil` for one run, which is reported by itself.
    init?(_ call: Invocation) throws(UsageError) {
        guard let text = call.arguments.value("--repeat") else { return nil }
        guard let count = Int(text), (1...1_000).contains(count) else {
            throw UsageError(
                "--repeat is how many runs to make, from 1 to 1000, and from 3 on they say "
                    + "something of the next one; not \"\(text)\"")
        }
        guard call.arguments.value("--metrics") == nil else {
            throw UsageError("--metrics is of one run and does not go with --repeat")
        }
        guard !call.arguments.has(Flag.method.name) else {
            throw UsageError(
                "--method is of one run and does not go with --repeat; loadgen report RUN --method "
                    + "says it of each")
        }
        self.call = call
        self.count = count
        format = try call.reportFormat(
            "--format with --repeat",
            hint: "each run's own folder has its report in every format")
    }

    /// Makes the runs, one after another.
    func run(
        _ profile: Profile, _ contract: Contract, _ options: SingleRun.Options
    ) async throws -> ExitCode {
        let isQuiet = call.arguments.has("--quiet") || format != .text
        let live = LiveLine(isInteractive: Terminal.isInteractive, columns: Terminal.columns)
        var options = options
        options.resultsFolder = call.arguments.value("--out") ?? "\(call.home)/Results/repeats"
        let series = RepeatedRun(
            profile: profile, contract: contract,
            options: RepeatedRun.Options(count: count, run: options), control: call.control,
            observe: { _, progress in if !isQuiet { live.show(progress) } },
            finish: { number, profile, result in
                if !isQuiet { live.end() }
                Self.keep(result, profile)
                if !isQuiet {
                    Terminal.note(
                        "run \(number) of \(count), seed \(profile.seed): "
                            + "\(result.verdict.verdict.rawValue), alone\n")
                }
            })
        let result = try await series.execute()
        if let problem = result.problem { Terminal.complain(problem) }
        try result.record.writeReports(to: result.folder)
        let isBlock = format == .text && call.arguments.has("--quiet")
        let text = isBlock ? RepeatText.block(result.record) : format.text(result.record)
        Terminal.show(text, isForPeople: format == .text)
        if format == .text { Terminal.write("\(result.folder)\n") }
        if result.isInterrupted { return .interrupted }
        if result.problem != nil, result.record.verdict != .fail { return .invalid }
        return ExitCode(rawValue: result.record.exitCode) ?? .failure
    }

    /// Each run has its report in its own folder, as one that was made alone.
    private static func keep(_ result: SingleRun.Result, _ profile: Profile) {
        let model = ReportModel(
            evidence: result.evidence, verdict: result.verdict, profile: profile)
        do { try RunReport.write(model) } catch {
            Terminal.complain(
                "\(error); the report could not be written to the run's folder; "
                    + "loadgen report prints it")
        }
    }
}
