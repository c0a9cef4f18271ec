import Campaigns
import Evidence
import Glibc
import Profiles
import Reports
import Targets
import Verdicts

extension Loadgen {
    /// Compares two targets side by side, or runs that were made.
    func compare(_ arguments: Arguments, _ words: [String]) async throws -> ExitCode {
        let input = try ComparisonInput(arguments)
        let format = try ComparisonFormat(arguments.value("--format"))
        switch input.kind {
        case .sideBySide(let baseline, let candidate):
            return try await sideBySide(
                baseline, candidate, input.rule(.paired), arguments, words, format)
        case .runs(let baseline, let candidate):
            return show(try made(baseline, candidate, input.rule(.unpaired)), format)
        case .baseline(let name):
            return show(try against(name, arguments, input.rule(.unpaired)), format)
        }
    }

    private func show(_ record: ComparisonRecord, _ format: ComparisonFormat) -> ExitCode {
        let text = format.text(record, isColoured: Terminal.isInteractive)
        Terminal.show(text, isForPeople: format == .text)
        return ExitCode(rawValue: record.comparison.exitCode) ?? .failure
    }

    private func sideBySide(
        _ baseline: TargetSource, _ candidate: TargetSource, _ rule: ComparisonRule,
        _ arguments: Arguments, _ words: [String], _ format: ComparisonFormat
    ) async throws -> ExitCode {
        let (profile, contract) = try load(arguments)
        let input = try ComparisonInput(arguments)
        let isShown = !arguments.has("--quiet")
        let campaign = SideBySide(
            profile: profile, contract: contract,
            options: SideBySide.Options(
                baseline: baseline, candidate: candidate, rule: rule,
                roundSeconds: input.roundSeconds, maximumSeconds: input.maximumSeconds,
                run: SingleRun.Options(
                    resultsFolder: arguments.value("--out") ?? "\(home)/Results/comparisons",
                    threads: try arguments.number("--threads", in: 1...64)
                        ?? SingleRun.defaultThreads,
                    command: ["loadgen"] + words, nodeExecutable: besideOwn("moonbase"),
                    recordings: try recordings(for: profile, arguments))),
            control: control,
            observe: { progress in if isShown { Terminal.note(Self.line(progress)) } })
        let result = try await campaign.execute()
        try ComparisonReport.write(result.record, to: result.folder)
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
            candidateName: candidate, profile: profile, seconds: nil, baseline: a, candidate: b)
    }

    private func figures(
        _ reference: String
    ) throws -> (figures: [RunFigures], profile: String, load: String) {
        var figures: [RunFigures] = []
        var (name, load) = ("", "")
        for folder in try folders(reference) {
            let (evidence, profile) = try read(folder)
            figures.append(RunFigures(evidence, profile: profile))
            let own = Baseline.load(of: evidence.description.profile)
            guard load.isEmpty || load == own else {
                throw UsageError(
                    "the runs in \(reference) have different loads; give runs of one profile")
            }
            (name, load) = (profile.name, own)
        }
        try checkOnce(figures)
        return (figures, name, load)
    }

    /// The run is what is counted: one that is given twice would be taken for two.
    func checkOnce(_ figures: [RunFigures]) throws(UsageError) {
        var seen: Set<String> = []
        for one in figures where !seen.insert(one.run).inserted {
            throw UsageError("the run \(one.run) is given twice; give each run once")
        }
    }

    /// A run, or every run in a folder, in the order of their names.
    func folders(_ reference: String) throws(UsageError) -> [String] {
        if access("\(runFolder(reference))/run.json", R_OK) == 0 { return [reference] }
        let folders = RunFolder.names(in: reference).map { "\(reference)/\($0)" }
        guard !folders.isEmpty else {
            throw UsageError(
                "\(reference) is neither a run nor a folder of runs; give a folder under "
                    + "Results/runs, or one that holds several")
        }
        return folders
    }
}
