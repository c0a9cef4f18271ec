import JSON

extension Loadgen {
    /// Answers a calculator's question; no profile, no target, no evidence.
    func stats(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        let answer = try Calculator(named: arguments.argument).answer(arguments)
        Terminal.writeAsIs(arguments.has("--json") ? answer.json.prettyText : answer.text)
        return answer.exit
    }
}
