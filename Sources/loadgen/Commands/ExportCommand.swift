import ArgumentParsing
import Evidence
import Reports

struct ExportCommand: Command {
    static let syntax = CommandSyntax(
        name: "export", argument: "RUN", summary: "give a run's evidence to other programs",
        flags: [
            Flag(
                name: "--as", value: "FORMAT",
                help: "csv (a line a second), hgrm (percentiles) or hlog (interval log); csv")
        ],
        examples: ["loadgen export RUN --as csv", "loadgen export RUN --as hgrm"])

    let call: Invocation

    func run() throws -> ExitCode {
        let format = call.arguments.value("--as") ?? "csv"
        guard ["csv", "hgrm", "hlog"].contains(format) else {
            throw UsageError("--as is csv, hgrm or hlog, not \"\(format)\"")
        }
        let (evidence, profile) = try call.read(call.arguments.argument)
        switch format {
        case "csv": Terminal.writeAsIs(CSVReport.series(evidence))
        case "hgrm": Terminal.writeAsIs(PercentileTable.text(evidence, profile: profile))
        default:
            // The evidence is such a log, and was read without a fault.
            let path = "\(evidence.folder)/latency.hlog"
            Terminal.writeAsIs(try EvidenceFile.text(path, maximumBytes: .max))
        }
        return .pass
    }
}
