import ArgumentParsing
import Profiles

struct ListCommand: Command {
    static let syntax = CommandSyntax(
        name: "list", summary: "the profiles that can be run by name", examples: ["loadgen list"])

    let call: Invocation

    func run() -> ExitCode {
        let library = call.library
        let width = (library.names.map(\.count).max() ?? 0) + 2
        for name in library.names {
            let space = String(repeating: " ", count: width - name.count)
            Terminal.write("\(name)\(space)\(library.summary(of: name))\n")
        }
        return .pass
    }
}
