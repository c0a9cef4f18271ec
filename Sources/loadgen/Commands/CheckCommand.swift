import ArgumentParsing
import Checker
import Evidence
import JSON
import Reports
import Statistics

struct CheckCommand: Command {
    static let syntax = CommandSyntax(
        name: "check", argument: "FILE or RUN",
        summary: "say what a store did to acknowledged writes, by a log of operations",
        flags: [
            Flag(name: "--json", value: nil, help: "one JSON object instead, for scripts")
        ],
        examples: [
            "loadgen check operations.bin",
            "loadgen check Results/runs/20261124T101500Z-checked-4f2a",
        ])

    let call: Invocation

    func run() throws -> ExitCode {
        let report = CheckReport(CheckResult(of: try operations()))
        if call.arguments.has("--json") {
            Terminal.writeAsIs(report.json.prettyText)
        } else {
            Terminal.show(report.text)
        }
        return report.exit
    }

    /// The log of a run, by its folder or its id, or a log of any other client.
    private func operations() throws -> [Operation] {
        let reference = call.arguments.argument
        guard let folder = call.existingRun(reference) else {
            return try OperationLog.read(reference)
        }
        return try OperationLog.read(ofRun: folder)
    }
}

extension CheckReport {
    /// What the command exits with.
    var exit: ExitCode {
        switch verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive: .inconclusive
        case .invalid: .invalid
        }
    }
}
