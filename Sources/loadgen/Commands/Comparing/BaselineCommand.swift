import ArgumentParsing
import Campaigns
import Evidence
import Profiles
import Verdicts

struct BaselineCommand: Command {
    static let syntax = CommandSyntax(
        name: "baseline", argument: "ACTION",
        summary: "keep runs to compare later ones with: set NAME RUN..., list, show NAME",
        flags: [.baselines],
        examples: [
            "loadgen baseline set main RUN", "loadgen baseline list", "loadgen baseline show main",
        ]
    )
    .taking(upTo: 66)

    let call: Invocation

    /// Keeps, lists or shows the runs that later ones are compared with.
    func run() throws -> ExitCode {
        let words = Array(call.arguments.arguments.dropFirst())
        let baselines = call.baselines
        switch (call.arguments.argument, words.count) {
        case ("set", 2...): try keep(words[0], of: Array(words.dropFirst()), in: baselines)
        case ("list", 0):
            for name in baselines.names {
                let one = try baselines.baseline(named: name)
                Terminal.write(
                    "\(name)  \(one.profile), \(Self.count(one.runs)), \(one.startedAt)\n")
            }
        case ("show", 1): show(try baselines.baseline(named: words[0]))
        default:
            throw UsageError(
                "baseline wants set NAME RUN..., list, or show NAME, as in: "
                    + Self.syntax.examples[0])
        }
        return .pass
    }

    private func keep(
        _ name: String, of references: [String], in baselines: BaselineStore
    ) throws {
        var runs: [(evidence: RunEvidence, figures: RunFigures)] = []
        for reference in references {
            for folder in try call.folders(reference) {
                let (evidence, profile) = try call.read(folder)
                runs.append((evidence, RunFigures(evidence, profile: profile)))
            }
        }
        try call.checkOnce(runs.map(\.figures))
        try baselines.set(try BaselineStore.baseline(named: name, of: runs))
        Terminal.write("baseline \(name): \(Self.count(runs))\n")
        if runs.count < 3 {
            Terminal.write("3 runs of each are the fewest that a comparison has bounds for\n")
        }
    }

    private static func count(_ runs: some Collection) -> String {
        runs.count == 1 ? "1 run" : "\(runs.count) runs"
    }

    private func show(_ baseline: Baseline) {
        Terminal.write(
            "\(baseline.name)  profile \(baseline.profile), \(baseline.startedAt), loadgen "
                + "\(baseline.version)\n\(baseline.host)\n")
        for run in baseline.runs {
            let values = ComparisonMetric.all.compactMap { metric in
                run.value(metric).map { "\(metric.name) \(metric.text($0))" }
            }
            Terminal.write(
                "  \(run.run)  \(Figure.whole(run.requests)) requests  "
                    + values.joined(separator: "  ") + "\n")
        }
    }
}
