import Testing

@testable import loadgen

@Suite struct CommandTests {
    @Test func `the overview names every command with its summary`() {
        for command in Command.all {
            let title = [command.name, command.argument].compactMap { $0 }.joined(separator: " ")
            let line = Command.overview.split(separator: "\n").first {
                $0.hasPrefix("  \(title) ") && $0.hasSuffix(" \(command.summary)")
            }
            #expect(line != nil, "\(title)")
        }
        #expect(Command.overview.hasSuffix("\n"))
    }

    @Test(arguments: Command.all.map(\.name))
    func `the help of a command has its use, its flags and examples that it takes`(name: String)
        throws
    {
        let command = try #require(Command.all.first { $0.name == name })
        let help = command.help
        #expect(help.hasPrefix("\(command.summary)\n\nusage: loadgen \(name)"))
        for flag in command.flags {
            let title = [flag.name, flag.value].compactMap { $0 }.joined(separator: " ")
            #expect(help.contains("\n  \(title) "), "\(title)")
            #expect(help.contains("  \(flag.help)\n"))
        }
        #expect(!command.examples.isEmpty)
        for example in command.examples {
            #expect(help.contains("\n  \(example)\n"))
            let words = split(example)
            #expect(words.prefix(2) == ["loadgen", name])
            _ = try Arguments(Array(words.dropFirst(2)), for: command)
        }
    }

    /// The words of an example, in which only double quotes hold blanks together.
    private func split(_ text: String) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap {
            index, part in
            index % 2 == 1
                ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }

    @Test func `every line of help fits a terminal of 100 columns`() {
        for text in [Command.overview] + Command.all.map(\.help) {
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        }
    }
}
