import Testing

@testable import loadgen

@Suite struct ArgumentsTests {
    private func problem(_ words: String..., command: CommandSyntax = RunCommand.syntax) -> String {
        do {
            _ = try Arguments(words, for: command)
            return ""
        } catch { return error.description }
    }

    @Test func `flags may stand anywhere, with a space or an equals sign`() throws {
        let words = [
            "--rate", "5/s", "smoke", "--set=limits.timeout=2s", "--quiet", "--set", "a=b",
            "--out=x", "--seed", "-1",
        ]
        let arguments = try Arguments(words, for: RunCommand.syntax)
        #expect(arguments.argument == "smoke")
        #expect(arguments.value("--rate") == "5/s")
        #expect(arguments.all("--set") == ["limits.timeout=2s", "a=b"])
        #expect(arguments.has("--quiet") && !arguments.has("--schedule"))
        #expect(arguments.value("--out") == "x" && arguments.value("--seed") == "-1")
        #expect(arguments.value("--target") == nil && arguments.all("--allow-host").isEmpty)
    }

    @Test func `what follows two dashes is the command of another program`() throws {
        let arguments = try Arguments(
            ["--profile-heap", "--", "nginx", "--help", "--", "-c"], for: ExecCommand.syntax)
        #expect(arguments.has("--profile-heap"))
        #expect(arguments.commandWords == ["nginx", "--help", "--", "-c"])
        let wanted = "exec wants a command after --, as in: loadgen exec -- nginx"
        #expect(problem(command: ExecCommand.syntax).hasPrefix(wanted))
        #expect(problem("--", command: ExecCommand.syntax).hasPrefix(wanted))
        #expect(
            problem("nginx", command: ExecCommand.syntax)
                == "exec takes no argument; \"nginx\" is one")
    }

    @Test func `words that cannot be followed say what is allowed`() {
        #expect(problem() == "run wants a PROFILE, as in: loadgen run smoke")
        #expect(problem("a", "b") == "run takes one PROFILE; \"b\" is one more")
        #expect(problem("x", command: ListCommand.syntax) == "list takes no argument; \"x\" is one")
        #expect(problem("a", "--rat", "1/s") == "run has no flag --rat; did you mean --rate?")
        #expect(problem("a", "--Quiet") == "run has no flag --Quiet; did you mean --quiet?")
        #expect(
            problem("a", "--format", command: JudgeCommand.syntax)
                == "judge has no flag --format; it takes --objective, --method")
        #expect(
            problem("--all", command: ListCommand.syntax) == "list has no flag --all; it takes none"
        )
        #expect(
            problem("a", "-x").hasPrefix("run has no flag -x; it takes --target, --transport, "))
        #expect(problem("a", "--rate") == "--rate wants a value: --rate RATE")
        #expect(problem("a", "--out", "") == "--out wants a value: --out DIR")
        #expect(problem("a", "--out=") == "--out wants a value: --out DIR")
        #expect(problem("a", "--quiet=1") == "--quiet takes no value, and has \"1\"")
        #expect(problem("a", "--seed", "1", "--seed", "2") == "--seed stands there twice")
        #expect(problem("a", "--quiet", "--quiet") == "--quiet stands there twice")
    }

    @Test func `a value that is the next flag was forgotten`() {
        #expect(
            problem("a", "--rate", "--quiet")
                == "--rate wants a value: --rate RATE; --quiet is a flag")
        #expect(problem("a", "--rate=--quiet") == "")
    }

    @Test(arguments: [("1", 1), ("64", 64)])
    func `a number is read within its range`(text: String, number: Int) throws {
        let arguments = try Arguments(["a", "--threads", text], for: RunCommand.syntax)
        #expect(try arguments.number("--threads", in: 1...64) == number)
        #expect(try arguments.number("--seed", in: 1...64) == nil)
    }

    @Test(arguments: ["0", "65", "two", " ", "1.5", "99999999999999999999"])
    func `a number outside its range says the range`(text: String) throws {
        let arguments = try Arguments(["a", "--threads", text], for: RunCommand.syntax)
        #expect {
            _ = try arguments.number("--threads", in: 1...64)
        } throws: { error in
            "\(error)" == "--threads is a whole number from 1 to 64, not \"\(text)\""
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
