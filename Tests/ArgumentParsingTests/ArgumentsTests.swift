import ArgumentParsing
import Testing

@Suite struct ArgumentsTests {
    private static let run = CommandSyntax(
        name: "run", argument: "PROFILE", summary: "put a profile's load on its target",
        flags: [
            Flag(name: "--target", value: "URL", help: "drive this instead"),
            Flag(name: "--transport", value: "LANE", help: "loops or curl"),
            Flag(name: "--rate", value: "RATE", help: "as in 500/s"),
            Flag(name: "--seed", value: "NUMBER", help: "the seed"),
            Flag(name: "--set", value: "KEY=VALUE", help: "change a key", isRepeatable: true),
            Flag(name: "--threads", value: "NUMBER", help: "half of the cores"),
            Flag(name: "--out", value: "DIR", help: "where it goes"),
            Flag(name: "--allow-host", value: "NAME", help: "a host", isRepeatable: true),
            Flag(name: "--quiet", value: nil, help: "no more than the verdict"),
        ], examples: ["loadgen run smoke", "loadgen run smoke --seed 7"])
    private static let exec = CommandSyntax(
        name: "exec", summary: "start a program",
        flags: [Flag(name: "--profile-heap", value: nil, help: "record stacks")],
        examples: ["loadgen exec -- nginx"], takesCommand: true)
    private static let list = CommandSyntax(
        name: "list", summary: "the profiles", examples: ["loadgen list"])
    private static let program = CommandSyntax(
        name: "", summary: "a node", examples: ["moonbase"])
    private static let judge = CommandSyntax(
        name: "judge", argument: "RUN", summary: "judge again",
        flags: [
            Flag(name: "--objective", value: "TEXT", help: "by this", isRepeatable: true),
            Flag(name: "--method", value: nil, help: "how"),
        ], examples: ["loadgen judge RUN"])

    private func problem(_ words: String..., command: CommandSyntax = run) -> String {
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
        let arguments = try Arguments(words, for: Self.run)
        #expect(arguments.argument == "smoke")
        #expect(arguments.value("--rate") == "5/s")
        #expect(arguments.all("--set") == ["limits.timeout=2s", "a=b"])
        #expect(arguments.has("--quiet") && !arguments.has("--schedule"))
        #expect(arguments.value("--out") == "x" && arguments.value("--seed") == "-1")
        #expect(arguments.value("--target") == nil && arguments.all("--allow-host").isEmpty)
    }

    @Test func `what follows two dashes is the command of another program`() throws {
        let arguments = try Arguments(
            ["--profile-heap", "--", "nginx", "--help", "--", "-c"], for: Self.exec)
        #expect(arguments.has("--profile-heap"))
        #expect(arguments.commandWords == ["nginx", "--help", "--", "-c"])
        let wanted = "exec wants a command after --, as in: loadgen exec -- nginx"
        #expect(problem(command: Self.exec).hasPrefix(wanted))
        #expect(problem("--", command: Self.exec).hasPrefix(wanted))
        #expect(
            problem("nginx", command: Self.exec)
                == "exec takes no argument; \"nginx\" is one")
    }

    @Test func `words that cannot be followed say what is allowed`() {
        #expect(problem() == "run wants a PROFILE, as in: loadgen run smoke")
        let chaos = CommandSyntax(
            name: "chaos", argument: "ACTION", summary: "faults", examples: ["loadgen chaos list"])
        #expect(problem(command: chaos) == "chaos wants an ACTION, as in: loadgen chaos list")
        #expect(problem("a", "b") == "run takes one PROFILE; \"b\" is one more")
        #expect(problem("x", command: Self.list) == "list takes no argument; \"x\" is one")
        #expect(problem("a", "--rat", "1/s") == "run has no flag --rat; did you mean --rate?")
        #expect(problem("a", "--Quiet") == "run has no flag --Quiet; did you mean --quiet?")
        #expect(
            problem("a", "--format", command: Self.judge)
                == "judge has no flag --format; it takes --objective, --method")
        #expect(
            problem("--all", command: Self.list) == "list has no flag --all; it takes none"
        )
        #expect(
            problem("a", "-x").hasPrefix("run has no flag -x; it takes --target, --transport, "))
        #expect(problem("a", "--rate") == "--rate wants a value: --rate RATE")
        #expect(problem("a", "--out", "") == "--out wants a value: --out DIR")
        #expect(problem("a", "--out=") == "--out wants a value: --out DIR")
        #expect(problem("a", "--quiet=1") == "--quiet takes no value, and has \"1\"")
        #expect(problem("a", "--seed", "1", "--seed", "2") == "--seed is given twice")
        #expect(problem("a", "--quiet", "--quiet") == "--quiet is given twice")
    }

    @Test func `a program that is one command is not named behind its own name`() {
        #expect(problem("--prot", command: Self.program) == "it has no flag --prot; it takes none")
        #expect(problem("x", command: Self.program) == "it takes no argument; \"x\" is one")
    }

    @Test func `a value that is the next flag was forgotten`() {
        #expect(
            problem("a", "--rate", "--quiet")
                == "--rate wants a value: --rate RATE; --quiet is a flag")
        #expect(problem("a", "--rate=--quiet") == "")
    }

    @Test(arguments: [("1", 1), ("64", 64), ("6_4", 64)])
    func `a number is read within its range`(text: String, number: Int) throws {
        let arguments = try Arguments(["a", "--threads", text], for: Self.run)
        #expect(try arguments.number("--threads", in: 1...64) == number)
        #expect(try arguments.number("--seed", in: 1...64) == nil)
    }

    @Test(arguments: ["0", "65", "two", " ", "1.5", "99999999999999999999"])
    func `a number outside its range says the range`(text: String) throws {
        let arguments = try Arguments(["a", "--threads", text], for: Self.run)
        #expect {
            _ = try arguments.number("--threads", in: 1...64)
        } throws: { error in
            "\(error)" == "--threads is a whole number from 1 to 64, not \"\(text)\""
        }
    }

    @Test func `help has the use, a column of flags and the examples`() {
        #expect(
            Self.judge.help(of: "loadgen") == """
                judge again

                usage: loadgen judge RUN [FLAG]...

                flags:
                  --objective TEXT  by this
                  --method          how

                examples:
                  loadgen judge RUN

                """)
        #expect(Self.list.help(of: "loadgen").contains("\nusage: loadgen list\n\nexamples:\n"))
        #expect(
            Self.exec.help(of: "loadgen").contains(
                "\nusage: loadgen exec [FLAG]... -- COMMAND [WORD]...\n"))
        #expect(Self.program.help(of: "moonbase").contains("\nusage: moonbase\n\nexamples:\n"))
    }

    @Test func `help is asked for by the command's own words alone`() {
        #expect(Self.run.isHelp(["smoke", "-h"]) && Self.run.isHelp(["--", "--help"]))
        #expect(!Self.run.isHelp(["help"]))
        #expect(!Self.exec.isHelp(["--", "nginx", "-h"]) && Self.exec.isHelp(["-h", "--", "x"]))
    }

    @Test func `values with units are those of profiles, and are above 0`() throws {
        let words = ["a", "--rate", "300/m", "--seed", "1m30s", "--threads", "5%", "--out", "0s"]
        let arguments = try Arguments(words, for: Self.run)
        #expect(try arguments.rate("--rate") == 5)
        #expect(try arguments.duration("--seed") == 90)
        #expect(try arguments.share("--threads") == 0.05)
        #expect {
            _ = try arguments.duration("--out")
        } throws: { error in
            "\(error)" == "--out is a time as in 500ms, 30s, 2m, 1h or 1m30s, at most a year, not "
                + "\"0s\""
        }
    }
}
