import ArgumentParsing
import Foundation
import Testing

@testable import loadgen

@Suite struct CommandTests {
    @Test func `each file of a command is in the registry, under a name of its own`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/loadgen/Commands").path
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".swift") }.map { URL(filePath: $0).lastPathComponent }
        #expect(Set(files) == Set(Commands.all.map { "\($0).swift" }))
        #expect(Set(Commands.all.map { $0.syntax.name }).count == files.count)
    }

    @Test func `the overview names every command with its summary`() {
        for command in Commands.all.map({ $0.syntax }) {
            let title = [command.name, command.argument].compactMap { $0 }.joined(separator: " ")
            let line = Commands.overview.split(separator: "\n").first {
                $0.hasPrefix("  \(title) ") && $0.hasSuffix(" \(command.summary)")
            }
            #expect(line != nil, "\(title)")
        }
        #expect(Commands.overview.hasSuffix("\n"))
    }

    @Test(arguments: Commands.all.map { $0.syntax.name })
    func `the help of a command has its use, its flags and examples that it takes`(name: String)
        throws
    {
        let command = try #require(Commands.named(name)).syntax
        let help = command.help(of: "loadgen")
        #expect(help.hasPrefix("\(command.summary)\n\nusage: loadgen \(name)"))
        for flag in command.flags {
            let names = [flag.short, flag.name].compactMap { $0 }.joined(separator: ", ")
            let title = [names, flag.value].compactMap { $0 }.joined(separator: " ")
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
        for text in [Commands.overview] + Commands.all.map({ $0.syntax.help(of: "loadgen") }) {
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        }
    }

    @Test(arguments: [
        ("rn", "there is no command rn; did you mean run?"),
        ("reprot", "there is no command reprot; did you mean report?"),
        ("VALIDATE", "there is no command VALIDATE; did you mean validate?"),
    ])
    func `a command that is none is answered with what was perhaps meant`(
        name: String, message: String
    ) {
        #expect(UsageError(unknownCommand: name).description == message)
        let commands = Commands.all.map { $0.syntax.name }.joined(separator: ", ")
        #expect(
            UsageError(unknownCommand: "xyzzy").description
                == "there is no command xyzzy; there are \(commands)")
    }
}
