import Evidence
import FoundationEssentials
import Profiles
import Reports
import Verdicts

extension Loadgen {
    /// The form that `--format` asks for; text where it is not there.
    func form(_ arguments: Arguments) throws(UsageError) -> ReportForm {
        guard let name = arguments.value("--format") else { return .text }
        guard let form = ReportForm(rawValue: name) else {
            let names = ReportForm.allCases.map(\.rawValue)
            let hint =
                Suggestion.closest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "--format is one of \(names.joined(separator: ", ")), not \"\(name)\"\(hint)")
        }
        return form
    }

    func report(_ arguments: Arguments) throws -> ExitCode {
        let form = try form(arguments)
        let (evidence, profile) = try read(arguments.argument)
        let verdict = Judge.judge(evidence, profile: profile)
        let model = ReportModel(evidence: evidence, verdict: verdict, profile: profile)
        let text = form.text(
            model, isColoured: Terminal.isInteractive,
            hasMethod: arguments.has(Command.method.name))
        Terminal.show(text, isForPeople: form == .text)
        return ExitCode(rawValue: verdict.exitCode) ?? .failure
    }

    func export(_ arguments: Arguments) throws -> ExitCode {
        let form = arguments.value("--as") ?? "csv"
        guard ["csv", "hgrm", "hlog"].contains(form) else {
            throw UsageError("--as is csv, hgrm or hlog, not \"\(form)\"")
        }
        let (evidence, profile) = try read(arguments.argument)
        switch form {
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
