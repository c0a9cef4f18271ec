import ArgumentParsing
import Suggestions

/// Every command there is.
enum Commands {
    /// In the order that the help lists them.
    static let all: [any Command.Type] = [
        RunCommand.self, InitCommand.self, ListCommand.self, ValidateCommand.self, PlanCommand.self,
        JudgeCommand.self, ReportCommand.self, ExportCommand.self, CompareCommand.self,
        BaselineCommand.self, CapacityCommand.self, PlanCapacityCommand.self,
        CalibrateCommand.self, StatsCommand.self, CheckCommand.self, ChaosCommand.self,
        ExecCommand.self,
    ]

    /// The command of a name; `nil` if there is none.
    static func named(_ name: String) -> (any Command.Type)? {
        all.first { $0.syntax.name == name }
    }

    /// The text of `loadgen --help`.
    static var overview: String {
        var text = """
            loadgen: load an HTTP API on an exact schedule, and judge it by its evidence

            usage: loadgen COMMAND [ARGUMENT] [FLAG]...

            commands:

            """
        for command in all.map({ $0.syntax }) {
            let words = command.takesCommand ? "-- COMMAND" : command.argument
            let title = [command.name, words].compactMap { $0 }.joined(separator: " ")
            let space = String(repeating: " ", count: max(2, 22 - title.count))
            text += "  \(title)\(space)\(command.summary)\n"
        }
        return text + """

            loadgen COMMAND --help says more of each.

            exit codes: 0 PASS, 1 the tool failed, 2 FAIL, 3 INCONCLUSIVE, 4 INVALID,
            64 usage or a bad profile, 130 interrupted

            examples:
              loadgen run smoke
              loadgen plan five-nines
              loadgen run ping --target http://127.0.0.1:4343 --rate 2000/s

            """
    }
}

extension UsageError {
    init(unknownCommand name: String) {
        let names = Commands.all.map { $0.syntax.name }
        let hint =
            Suggestion.closest(to: name, among: names).map { "did you mean \($0)?" }
            ?? "there are \(names.joined(separator: ", "))"
        self.init("there is no command \(name); \(hint)")
    }
}
