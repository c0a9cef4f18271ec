import ArgumentParsing
import Contracts
import Profiles
import Targets
import Verdicts

struct ValidateCommand: Command {
    static let syntax = CommandSyntax(
        name: "validate", argument: "PROFILE",
        summary: "check a profile and name every mistake in it",
        flags: Flag.overrides,
        examples: ["loadgen validate smoke", "loadgen validate my-profile.yaml"])

    let call: Invocation

    func run() throws -> ExitCode {
        let (profile, contract) = try call.load()
        _ = try call.recordings(for: profile)
        if case .url(let text) = profile.target { _ = try TargetURL(text) }
        Terminal.write("\(call.arguments.argument): the profile \(profile.name) is valid\n")
        for part in contract.unchecked { Terminal.write("  not checked: \(part)\n") }
        for expectation in Planner.undecidedTrials(profile) {
            Terminal.write("  \(expectation.objective)\n    \(expectation.sentence)\n")
        }
        return .pass
    }
}
