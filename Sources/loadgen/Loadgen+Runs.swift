import Campaigns
import Contracts
import Evidence
import Glibc
import JSON
import Profiles
import Reports
import Targets
import Verdicts

extension Loadgen {
    func runProfile(_ arguments: Arguments, _ words: [String]) async throws -> ExitCode {
        let (profile, contract) = try load(arguments)
        let threads = try arguments.number("--threads", in: 1...64) ?? SingleRun.defaultThreads
        let repeats = try repeats(arguments)
        let form = repeats == nil ? try form(arguments) : .text
        if repeats != nil { _ = try RepeatFormat(arguments) }
        let isQuiet = arguments.has("--quiet") || form != .text
        let metrics = try MetricsPage(arguments, of: profile)
        let isInteractive = Terminal.isInteractive
        let live = LiveLine(isInteractive: isInteractive, columns: Terminal.columns)
        var options = SingleRun.Options(
            resultsFolder: arguments.value("--out") ?? "\(home)/Results/runs",
            threads: threads, command: ["loadgen"] + words,
            nodeExecutable: besideOwn("moonbase"),
            recordings: try recordings(for: profile, arguments),
            calibration: arguments.has("--no-calibrate")
                ? nil : try await Calibrator().calibration())
        options.metrics = metrics?.source
        options.probeLibrary = besideOwn("libAllocatorProbe.so")
        if let repeats {
            return try await repeatProfile(profile, contract, count: repeats, options, arguments)
        }
        let run = SingleRun(
            profile: profile, contract: contract, options: options, control: control,
            observe: { progress in
                metrics?.add(progress)
                if !isQuiet { live.show(progress) }
            })
        let result = try await run.execute()
        if !isQuiet { live.end() }
        if let problem = result.targetProblem {
            // There is nothing to report but this line; the evidence has it too.
            Terminal.complain(
                "\(problem); see that it runs there, or name another with --target URL")
            return try reportNothing(result, profile, form)
        }
        if let problem = result.writeProblem {
            Terminal.complain("evidence was lost, which voids the run: \(problem)")
        }
        if let problem = result.secretProblem { Terminal.complain("\(problem); use longer ones") }
        let model = ReportModel(
            evidence: result.evidence, verdict: result.verdict, profile: profile)
        // A full disk must not hide what was measured.
        do { try RunReport.write(model) } catch {
            Terminal.complain(
                "\(error); the report is not in the run's folder: loadgen report tells it again")
        }
        let hasMethod = arguments.has(Command.method.name)
        if form == .text, isQuiet {
            Terminal.show(
                TerminalReport.verdictBlock(
                    model, isColoured: isInteractive, hasMethod: hasMethod))
            Terminal.write("\(result.folder)\n")
        } else {
            let isColoured = form == .text && isInteractive
            let text = form.text(model, isColoured: isColoured, hasMethod: hasMethod)
            Terminal.show(text, isForPeople: form == .text)
        }
        // Whatever the rest says, nothing is proven where evidence was lost.
        if result.writeProblem != nil { return .failure }
        if result.isInterrupted { return .interrupted }
        return ExitCode(rawValue: result.verdict.exitCode) ?? .failure
    }

    /// Ends a run that sent no load: one word, and where its evidence is.
    private func reportNothing(
        _ result: SingleRun.Result, _ profile: Profile, _ form: ReportForm
    ) throws -> ExitCode {
        let model = ReportModel(
            evidence: result.evidence, verdict: result.verdict, profile: profile)
        try RunReport.write(model)
        Terminal.writeAsIs(
            form == .text
                ? "\(result.verdict.verdict.rawValue)\n\(result.folder)\n" : form.text(model))
        return ExitCode(rawValue: result.verdict.exitCode) ?? .failure
    }

    func judge(_ arguments: Arguments) throws -> ExitCode {
        var (evidence, profile) = try read(arguments.argument)
        let texts = arguments.all("--objective")
        if !texts.isEmpty {
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
        let verdict = Judge.judge(evidence, profile: profile)
        let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
        Terminal.show(
            TerminalReport.verdictBlock(
                model, isColoured: Terminal.isInteractive,
                hasMethod: arguments.has(Command.method.name)))
        return ExitCode(rawValue: verdict.exitCode) ?? .failure
    }

    /// Where a run is, by its folder or by its id under Results/runs.
    func runFolder(_ reference: String) -> String {
        let isPath = reference.contains("/") || access("\(reference)/run.json", R_OK) == 0
        return isPath ? reference : "\(home)/Results/runs/\(reference)"
    }

    /// A run's evidence and its profile, by its folder or by its id under Results/runs.
    func read(_ reference: String) throws -> (RunEvidence, Profile) {
        let evidence = try RunEvidence(reading: runFolder(reference))
        return (evidence, try evidence.description.profile(in: evidence.folder))
    }

    func besideOwn(_ name: String) -> String { ProgramFile.besideOwn(name) }
}
