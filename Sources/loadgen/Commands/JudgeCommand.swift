import ArgumentParsing
import Profiles
import Reports
import Verdicts

struct JudgeCommand: Command {
    static let syntax = CommandSyntax(
        name: "judge", argument: "RUN",
        summary: "judge a run's evidence again, by its own objectives or by others",
        flags: [
            .objective,
            .method,
        ],
        examples: ["loadgen judge Results/runs/RUN --objective \"p(99) < 20ms\""])

    let call: Invocation

    func run() throws -> ExitCode {
        var (evidence, profile) = try call.read(call.arguments.argument)
        try call.ask(&profile)
        let verdict = Judge.judge(evidence, profile: profile)
        let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
        Terminal.show(
            TerminalReport.verdictBlock(
                model, isColoured: Terminal.isInteractive,
                hasMethod: call.arguments.has(Flag.method.name)))
        return ExitCode(rawValue: verdict.exitCode) ?? .failure
    }
}
