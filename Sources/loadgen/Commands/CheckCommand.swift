import ArgumentParsing
import Checker
import Evidence
import JSON

struct CheckCommand: Command {
    static let syntax = CommandSyntax(
        name: "check", argument: "FILE",
        summary: "say what a store did to acknowledged writes, by a log of operations",
        flags: [
            Flag(name: "--json", value: nil, help: "one JSON object instead, for scripts")
        ],
        examples: ["loadgen check operations.bin"])

    let call: Invocation

    func run() throws -> ExitCode {
        let result = CheckResult(of: try OperationLog.read(call.arguments.argument))
        let report = CheckReport(result)
        if call.arguments.has("--json") {
            Terminal.writeAsIs(report.json.prettyText)
        } else {
            Terminal.show(report.text)
        }
        return report.exit
    }
}
