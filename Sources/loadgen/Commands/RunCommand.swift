import ArgumentParsing
import Campaigns
import Contracts
import Evidence
import Faults
import FoundationEssentials
import Profiles
import Reports
import Targets
import Verdicts

struct RunCommand: Command {
    static let syntax = CommandSyntax(
        name: "run", argument: "PROFILE|URL",
        summary: "put a load on its target, and judge it",
        flags: Flag.overrides + [.objective] + LoadLine.flags + [
            Flag(
                name: "--print-profile", value: nil,
                help: "print the profile that a line with a URL stands for, and send nothing"),
            Flag(
                name: "--pid", value: "PID",
                help:
                    "read the memory of this process and its children, not the listener's"),
            .threads,
            Flag(
                name: "--repeat", value: "NUMBER",
                help: "make this many fresh runs, and predict the next one"),
            Flag(name: "--out", value: "DIR", help: "where the run's folder goes; Results/runs"),
            .allowHost,
            Flag(
                name: "--no-calibrate", value: nil,
                help: "do not measure the floor, which is done once for a host and build"),
            Flag(name: "--quiet", value: nil, help: "print the verdict and nothing else"),
            .format(of: ReportModel.self),
            Flag(
                name: "--metrics", value: "ADDRESS",
                help: "serve Prometheus here while the run goes on, as in 127.0.0.1:9464"),
            .method,
        ],
        examples: [
            "loadgen run smoke", "loadgen run five-nines --seed 7",
            "loadgen run http://127.0.0.1:4343/api/v0/ping -r 200/s -d 30s -o \"p(99) < 20ms\"",
            "loadgen run http://127.0.0.1:4343/api/v0/ping -c 64 -n 10000",
            "loadgen run ping --target http://127.0.0.1:4343 --rate 2000/s --duration 1m",
            "loadgen run smoke --repeat 5",
        ]
    ).taking(upTo: 100)

    static let stopsInOrder = true

    let call: Invocation

    func run() async throws -> ExitCode {
        if call.arguments.has("--print-profile") { return try printProfile() }
        let (profile, contract) = try call.load()
        if !contract.unchecked.isEmpty {
            Terminal.complain(
                "\(contract.unchecked.count) parts of \(contract.name) are not checked; "
                    + "loadgen validate names them")
        }
        if OwnNetwork.isNeeded(by: profile) { try enterNetwork(for: profile) }
        let undone = try JournalFolder.undoLeft(guardProgram: ChaosCommand.guardProgram)
        if !undone.isEmpty { Terminal.complain("faults of an earlier run: \(undone)") }
        let threads = try call.threads()
        let repeats = try RepeatedRuns(call)
        let format: ReportFormat<ReportModel> =
            repeats == nil ? try call.reportFormat() : .text
        let isQuiet = call.arguments.has("--quiet") || format != .text
        let metrics = try MetricsPage(call.arguments, of: profile)
        let live = LiveLine(isInteractive: Terminal.isInteractive, columns: Terminal.columns)
        var options = SingleRun.Options(
            resultsFolder: call.arguments.value("--out") ?? "\(call.home)/Results/runs",
            threads: threads, command: call.command,
            nodeExecutable: ProgramFile.besideOwn("moonbase"),
            recordings: try call.recordings(for: profile),
            calibration: call.arguments.has("--no-calibrate")
                ? nil : try await Calibrator().calibration())
        options.metrics = metrics?.source
        options.probeLibrary = ProgramFile.besideOwn("libAllocatorProbe.so")
        options.faultGuard = ChaosCommand.guardProgram
        if let repeats { return try await repeats.run(profile, contract, options) }
        let run = SingleRun(
            profile: profile, contract: contract, options: options, control: call.control,
            observe: { progress in
                metrics?.add(progress)
                if !isQuiet { live.show(progress) }
            })
        let result = try await run.execute()
        if !isQuiet { live.end() }
        let model = ReportModel(
            evidence: result.evidence, verdict: result.verdict, profile: profile)
        if let problem = result.targetProblem {
            // There is nothing to report but this line; the evidence has it too.
            Terminal.complain(
                "\(problem); see that it runs there, or name another with --target URL")
            return try reportNothing(result, model, format)
        }
        return report(result, model, format)
    }

    /// The profile that the line stands for.
    private func printProfile() throws -> ExitCode {
        guard let line = try call.loadLine() else {
            throw UsageError("--print-profile goes with a URL; \(call.arguments.argument) is none")
        }
        _ = try call.load()
        Terminal.write(line.profile)
        return .pass
    }

    /// Begins again in a network namespace of the run's own; returns where it is in one, or the
    /// run will say why there is none.
    private func enterNetwork(for profile: Profile) throws {
        if call.arguments.has("--metrics") {
            throw UsageError(
                "the faults of \(profile.name) strike packets, so the run has a network of its own,"
                    + " in which nobody reaches --metrics; leave that out")
        }
        guard !OwnNetwork.isEntered,
            profile.faults.allSatisfy({ FaultPermission.problem(of: $0, in: profile) == nil })
        else { return }
        throw OwnNetwork.enter()
    }

    private func report(
        _ result: SingleRun.Result, _ model: ReportModel, _ format: ReportFormat<ReportModel>
    ) -> ExitCode {
        if let problem = result.writeProblem {
            Terminal.complain("evidence was lost, which voids the run: \(problem)")
        }
        if let problem = result.secretProblem { Terminal.complain("\(problem); use longer ones") }
        // A full disk must not hide what was measured.
        do { try RunReport.write(model) } catch {
            Terminal.complain(
                "\(error); the report could not be written to the run's folder; "
                    + "loadgen report prints it")
        }
        let hasMethod = call.arguments.has(Flag.method.name)
        let isColoured = format == .text && Terminal.isInteractive
        if format == .text, call.arguments.has("--quiet") {
            Terminal.show(
                TerminalReport.verdictBlock(model, isColoured: isColoured, hasMethod: hasMethod))
            Terminal.write("\(result.folder)\n")
        } else {
            let text = format.text(model, isColoured: isColoured, hasMethod: hasMethod)
            Terminal.show(text, isForPeople: format == .text)
            // Most terminals open an address that they show.
            if isColoured {
                let page = URL(filePath: "\(result.folder)/report.html").standardizedFileURL
                Terminal.write("\(page.absoluteString)\n")
            }
        }
        // Whatever the rest says, nothing is proven where evidence was lost.
        if result.writeProblem != nil { return .failure }
        if result.isInterrupted { return .interrupted }
        return ExitCode(rawValue: result.verdict.exitCode) ?? .failure
    }

    /// Ends a run that sent no load: one word, and where its evidence is.
    private func reportNothing(
        _ result: SingleRun.Result, _ model: ReportModel, _ format: ReportFormat<ReportModel>
    ) throws -> ExitCode {
        try RunReport.write(model)
        Terminal.writeAsIs(
            format == .text
                ? "\(result.verdict.verdict.rawValue)\n\(result.folder)\n" : format.text(model))
        return ExitCode(rawValue: result.verdict.exitCode) ?? .failure
    }
}
