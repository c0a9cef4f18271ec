import ArgumentParsing
import Dispatch
import EventLoops
import Evidence
import Faults
import Glibc
import Profiles
import Targets

@main
struct Loadgen {
    /// The way to end a run early; signals have it too.
    let control: RunControl

    /// Not `async`: the runtime would need descriptors and threads before anything could be said.
    static func main() {
        Terminal.openMissing()
        // A script's report is of no use once nobody waits for it, so it ends at once.
        guard ParentProcess.follow("LOADGEN_EXIT_WITH_PARENT", signal: SIGKILL) else { exit(1) }
        if let problem = ProcessMinimum.problem() {
            Terminal.complain(problem)
            exit(ExitCode.failure.rawValue)
        }
        Descriptors.reserve()
        OwnNetwork.begin()
        let words = Array(CommandLine.arguments.dropFirst())
        let control = RunControl { reason in
            Terminal.complain(
                "INVALID: \(reason); what was recorded is in the run's folder, and loadgen report "
                    + "reads it")
            _exit(ExitCode.invalid.rawValue)
        }
        if let name = words.first, Commands.named(name)?.stopsInOrder == true {
            Signals.take(over: control)
        }
        // The closure is the main actor's, and keeps to its thread; so it does no more than wait.
        Task {
            var code = await Loadgen(control: control).run(words)
            if let words = Terminal.lossWords {
                Terminal.complain("\(words); free some room, or send it somewhere else")
                if code == .pass { code = .failure }
            }
            exit(code.rawValue)
        }
        dispatchMain()
    }

    nonisolated func run(_ words: [String]) async -> ExitCode {
        guard let name = words.first, !["--help", "-h", "help"].contains(name) else {
            Terminal.write(Commands.overview)
            return words.isEmpty ? .usage : .pass
        }
        if name == "--version" {
            Terminal.write("loadgen \(RunDescription.version)\n")
            return .pass
        }
        do {
            guard let command = Commands.named(name) else {
                throw UsageError(unknownCommand: name)
            }
            let rest = Array(words.dropFirst())
            if command.syntax.isHelp(rest) {
                Terminal.write(command.syntax.help(of: "loadgen"))
                return .pass
            }
            let call = Invocation(
                arguments: try Arguments(rest, for: command.syntax), words: words, control: control)
            return try await command.init(call: call).run()
        } catch let error as UsageError {
            let help =
                Commands.named(name) != nil
                ? "\(name) --help says more" : "--help lists the commands"
            Terminal.complain("\(error)\nloadgen \(help)")
            return .usage
        } catch let error as ProfileError {
            for problem in error.problems { Terminal.complain("\(problem)") }
            return .usage
        } catch let error as CampaignError {
            Terminal.complain("\(error)")
            return error.code == .usage ? .usage : .failure
        } catch {
            Terminal.complain("\(error)")
            return .failure
        }
    }
}
