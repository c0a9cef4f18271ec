import ArgumentParsing
import Reports
import Verdicts

struct ReportCommand: Command {
    static let syntax = CommandSyntax(
        name: "report", argument: "RUN",
        summary: "report a run from its evidence, whole or cut off",
        flags: [
            .format(of: ReportModel.self),
            .method,
        ],
        examples: [
            "loadgen report latest", "loadgen report Results/runs/RUN",
            "loadgen report RUN --format html",
        ])

    let call: Invocation

    func run() throws -> ExitCode {
        let format: ReportFormat<ReportModel> = try call.reportFormat()
        let (evidence, profile) = try call.read(call.arguments.argument)
        let verdict = Judge.judge(evidence, profile: profile)
        let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
        let text = format.text(
            model, isColoured: Terminal.isInteractive,
            hasMethod: call.arguments.has(Flag.method.name))
        Terminal.show(text, isForPeople: format == .text)
        return ExitCode(rawValue: verdict.exitCode) ?? .failure
    }
}
