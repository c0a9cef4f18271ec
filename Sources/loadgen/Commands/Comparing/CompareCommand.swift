import ArgumentParsing
import Campaigns
import Evidence
import Profiles
import Reports
import Targets
import Verdicts

struct CompareCommand: Command {
    static let syntax = CommandSyntax(
        name: "compare", argument: "PROFILE",
        summary: "say whether a candidate is worse, side by side or by two groups of runs",
        flags: [
            Flag(
                name: "--base", value: "TARGET",
                help: "the baseline: a URL, or a command that is started anew each round"),
            Flag(
                name: "--candidate", value: "TARGET",
                help: "the same for what is judged; {port} in a command is a free port"),
            Flag(
                name: "--baseline", value: "NAME",
                help: "compare the arguments, runs that were made, with this one"),
            .baselines,
            Flag(name: "--margin", value: "SHARE", help: "how much worse is still the same; 5%"),
            Flag(
                name: "--error-margin", value: "SHARE",
                help: "the same for the error rate, as a difference; 0.1%"),
            Flag(
                name: "--growth-margin", value: "BYTES",
                help: "the same for the target's growth, as a difference a request; 64"),
            Flag(
                name: "--confidence", value: "SHARE", help: "one-sided, over all looks; 95%"),
            Flag(
                name: "--metric", value: "NAME",
                help: "what decides: p50, p95, p99, throughput, error-rate, cpu, memory, growth",
                isRepeatable: true),
            Flag(
                name: "--round", value: "TIME",
                help: "the judged load of each run; 1.5s, or what lets 20 rounds fit"),
            Flag(
                name: "--max-duration", value: "TIME",
                help: "no further round after this; 90s"),
            .format(of: ComparisonRecord.self),
            Flag(name: "--out", value: "DIR", help: "where its folder goes; Results/comparisons"),
            .threads,
            Flag(name: "--rate", value: "RATE", help: "the rate of the judged open phases"),
            Flag(name: "--seed", value: "NUMBER", help: "the seed of the first round"),
            .allowHost,
            .set,
            Flag(name: "--quiet", value: nil, help: "no line for each round"),
        ],
        examples: [
            "loadgen compare ping --base \"moonbase --port 0\" --candidate http://127.0.0.1:4343",
            "loadgen compare Results/runs/RUN Results/runs/RUN",
            "loadgen compare RUN --baseline main",
        ]
    )
    .taking(upTo: 64)

    static let stopsInOrder = true

    let call: Invocation

    /// Compares two targets side by side, or runs that were made.
    func run() async throws -> ExitCode {
        let input = try ComparisonInput(call.arguments)
        let format: ReportFormat<ComparisonRecord> = try call.reportFormat()
        switch input.kind {
        case .sideBySide(let baseline, let candidate):
            return try await sideBySide(
                baseline, candidate, input.rule(.paired), format)
        case .runs(let baseline, let candidate):
            return show(try made(baseline, candidate, input.rule(.unpaired)), format)
        case .baseline(let name):
            return show(try against(name, input.rule(.unpaired)), format)
        }
    }

    private func show(
        _ record: ComparisonRecord, _ format: ReportFormat<ComparisonRecord>
    ) -> ExitCode {
        let text = format.text(record, isColoured: Terminal.isInteractive)
        Terminal.show(text, isForPeople: format == .text)
        return ExitCode(rawValue: record.comparison.exitCode) ?? .failure
    }

    private func sideBySide(
        _ baseline: TargetSource, _ candidate: TargetSource, _ rule: ComparisonRule,
        _ format: ReportFormat<ComparisonRecord>
    ) async throws -> ExitCode {
        let (profile, contract) = try call.load()
        try call.refuseFaults(of: profile)
        let input = try ComparisonInput(call.arguments)
        let isShown = !call.arguments.has("--quiet")
        let campaign = SideBySide(
            profile: profile, contract: contract,
            options: SideBySide.Options(
                baseline: baseline, candidate: candidate, rule: rule,
                roundSeconds: input.roundSeconds, maximumSeconds: input.maximumSeconds,
                run: SingleRun.Options(
                    resultsFolder: call.arguments.value("--out")
                        ?? "\(call.home)/Results/comparisons",
                    threads: try call.threads(),
                    command: call.command, nodeExecutable: ProgramFile.besideOwn("moonbase"),
                    recordings: try call.recordings(for: profile))),
            control: call.control,
            observe: { progress in if isShown { Terminal.note(Self.line(progress)) } })
        let result = try await campaign.execute()
        try result.record.writeReports(to: result.folder)
        let code = show(result.record, format)
        if format == .text { Terminal.write("\(result.folder)\n") }
        return result.isInterrupted ? .interrupted : code
    }

    private static func line(_ progress: SideBySide.Progress) -> String {
        let open = progress.comparison.metrics.filter { $0.decides && $0.word == .inconclusive }
        let next = Comparison.nextLook(after: progress.rounds - 1) ?? progress.rounds
        let state =
            progress.comparison.looks.last == progress.rounds
            ? "look: "
                + (open.isEmpty
                    ? progress.comparison.word.rawValue
                    : "open: \(open.map(\.metric).joined(separator: ", "))")
            : "the next look is after \(next)"
        return "\(Figure.significant(progress.seconds)) s  round \(progress.rounds)  \(state)\n"
    }

    /// Compares groups of runs: folders of runs, or folders of such folders.
    private func made(
        _ baseline: String, _ candidate: String, _ rule: ComparisonRule
    ) throws -> ComparisonRecord {
        let (a, profile, load) = try figures(baseline)
        let (b, _, other) = try figures(candidate)
        guard load == other else {
            throw UsageError(
                "\(baseline) and \(candidate) have different loads, so that a difference would be "
                    + "the load's; give runs of one profile")
        }
        return ComparisonRecord(
            comparison: Comparison(baseline: a, candidate: b, rule: rule), baselineName: baseline,
            candidateName: candidate, profile: profile, baseline: a, candidate: b)
    }

    private func figures(
        _ reference: String
    ) throws -> (figures: [RunFigures], profile: String, load: String) {
        var figures: [RunFigures] = []
        var (name, load) = ("", "")
        for folder in try call.folders(reference) {
            let (evidence, profile) = try call.read(folder)
            figures.append(RunFigures(evidence, profile: profile))
            let own = Baseline.load(of: evidence.description.profile)
            guard load.isEmpty || load == own else {
                throw UsageError(
                    "the runs in \(reference) have different loads; give runs of one profile")
            }
            (name, load) = (profile.name, own)
        }
        try call.checkOnce(figures)
        return (figures, name, load)
    }

    /// Compares runs with a kept baseline.
    private func against(
        _ name: String, _ rule: ComparisonRule
    ) throws -> ComparisonRecord {
        let references = call.arguments.arguments
        let kept = try call.baselines.baseline(named: name)
        var figures: [RunFigures] = []
        var notes: [String] = []
        for reference in references {
            for folder in try call.folders(reference) {
                let (evidence, profile) = try call.read(folder)
                notes += try BaselineStore.notes(on: evidence, against: kept)
                figures.append(RunFigures(evidence, profile: profile))
            }
        }
        try call.checkOnce(figures)
        var comparison = Comparison(baseline: kept.runs, candidate: figures, rule: rule)
        if let note = notes.first { comparison.notes.append(note) }
        return ComparisonRecord(
            comparison: comparison, baselineName: "baseline \(name) (\(kept.startedAt))",
            candidateName: references.joined(separator: " "), profile: kept.profile,
            baseline: kept.runs, candidate: figures)
    }
}
