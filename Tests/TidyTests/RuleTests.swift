import Testing

/// A text, and the lines in which a rule must find something.
struct RuleRow: Sendable, CustomTestStringConvertible {
    let rule: String
    let path: String
    let text: String
    let lines: [Int]

    init(_ rule: String, _ path: String, _ text: String, _ lines: [Int]) {
        self.rule = rule
        self.path = path
        self.text = text
        self.lines = lines
    }

    var testDescription: String { "\(rule), \(path), lines \(lines)" }
}

@Suite struct RuleTests {
    static let library = "Sources/Generator/A.swift"

    static func function(lines: Int, signature: String = "    func f() {") -> String {
        "struct A {\n\(signature)\n" + String(repeating: "        g()\n", count: lines - 2)
            + "    }\n}\n"
    }

    static func parameters(_ count: Int) -> String {
        (0..<count).map { "a\($0): A = .b" }.joined(separator: ", ")
    }

    static let sizes = [
        RuleRow("short files", library, String(repeating: "a\n", count: 300), []),
        RuleRow("short files", library, String(repeating: "a\n", count: 301), [301]),
        RuleRow("short files", "Sources/A/a.c", String(repeating: "a\n", count: 301), [301]),
        RuleRow("short files", "docs/a.md", String(repeating: "a\n", count: 301), []),
        RuleRow("short functions", library, function(lines: 60), []),
        RuleRow("short functions", library, function(lines: 61), [2]),
        RuleRow(
            "short functions", library,
            function(lines: 61, signature: "    private static var all: [Int] {"), [2]),
        RuleRow(
            "short functions", library,
            function(lines: 60, signature: "    init(\n        a: Int\n    ) throws {"), [2]),
        RuleRow("short functions", library, "protocol A {\n    func f()\n}\n", []),
        RuleRow("few parameters", library, "func f(\(parameters(6))) { g(\(parameters(9))) }", []),
        RuleRow("few parameters", library, "// A.\nstatic func f(\(parameters(7)))", [2]),
        RuleRow(
            "few parameters", library,
            "public init?<A: B>(\n\(parameters(4)),\n\(parameters(3))\n)",
            [1]),
        RuleRow(
            "few parameters", library,
            "@inline(__always) func == (\n\(parameters(5)), a: [A: (b: B, c: C)] = f(d: \":)\")\n)",
            []),
        RuleRow("short lines", library, String(repeating: "a", count: 100), []),
        RuleRow("short lines", library, "a\n" + String(repeating: "a", count: 101), [2]),
        RuleRow("short lines", "Scripts/a", String(repeating: "µ", count: 101), [1]),
        RuleRow("short lines", "docs/a.md", String(repeating: "a", count: 101), []),
    ]

    static let libraries = [
        RuleRow("only command lines print", library, "    print(a)", [1]),
        RuleRow("only command lines print", library, "// print(a)\nfootprint(a)\na.print(b)", []),
        RuleRow("only command lines print", "Sources/loadgen/A.swift", "print(a)", []),
        RuleRow("structured tasks", library, "    Task { f() }\nlet a = Task { f() }", [1, 2]),
        RuleRow("structured tasks", library, "Task(priority: .high) { f() }", [1]),
        RuleRow("structured tasks", library, "group.addTask { f() }\nextension Task {", []),
        RuleRow("structured tasks", "Sources/moonbase/A.swift", "Task { f() }", []),
        RuleRow("structured tasks", "Sources/moonbase/A.swift", "Task." + "detached { f() }", [1]),
        RuleRow("structured tasks", "Tests/A.swift", "Task<Void, Never>." + "detached { }", [1]),
    ]

    static let promise = "class A: @unchecked " + "Sendable {"

    static let words = [
        RuleRow("sendable for a reason", library, promise, [1]),
        RuleRow("sendable for a reason", library, "// Sendable: locked.\n\n" + promise, [3]),
        RuleRow("sendable for a reason", library, "// Sendable: locked.\n" + promise, []),
        RuleRow("sendable for a reason", library, promise + "\n    // Sendable: locked.", []),
        RuleRow("nothing left open", "docs/a.md", "a\n- TO" + "DO: b", [2]),
        RuleRow("nothing left open", library, "// fix" + "me", [1]),
        RuleRow("nothing left open", "Scripts/a", "mktemp a.XX" + "XX\nhackney", []),
        RuleRow("no machine's paths", "docs/a.md", "see `/ho" + "me/anna/a`", [1]),
        RuleRow("no machine's paths", "Scripts/a", "cd /wo" + "rk/main", [1]),
        RuleRow("no machine's paths", "docs/a.md", "docs/wo" + "rk/a /usr/share/a", []),
        RuleRow("names that say something", "Sources/A/Utils.swift", "", [1]),
        RuleRow("names that say something", "Sources/Core/A.swift", "", [1]),
        RuleRow("names that say something", "Sources/A/Rate+Common.swift", "", []),
        RuleRow("one word for a thing", library, "let most" + "Users = 1\nlet l = most", [1]),
        RuleRow("one word for a thing", library, "/// Abs" + "ent for none.\n/// `nil`.", [1]),
        RuleRow("one word for a thing", "docs/a.md", "a field is abs" + "ent", []),
        RuleRow("one word for a thing", library, "Double.leastNonzeroMagnitude", []),
    ]

    @Test(arguments: sizes + libraries + words)
    func `a rule finds the lines that break it, and no other`(row: RuleRow) throws {
        let rule = try #require(Rule.all.first { $0.name == row.rule })
        let found = rule.check(SourceFile(path: row.path, text: row.text))
        #expect(found.map(\.line) == row.lines, "\(found)")
        for finding in found { #expect(finding.path == row.path && !finding.remedy.isEmpty) }
    }

    @Test func `every rule has a row that breaks it and one that does not`() {
        let rows = Self.sizes + Self.libraries + Self.words
        for rule in Rule.all {
            #expect(rows.contains { $0.rule == rule.name && !$0.lines.isEmpty }, "\(rule.name)")
            #expect(rows.contains { $0.rule == rule.name && $0.lines.isEmpty }, "\(rule.name)")
        }
    }

    @Test func `a target without a row in the architecture is found`() {
        let page = "| `Generator` | fires | `Profiles` |\n| `CLibraries/` | C | - |"
        let found = undescribedTargets(["CLibraries", "Generator", "Profiles"], architecture: page)
        #expect(found.map(\.path) == ["Sources/Profiles"])
    }

    @Test func `a folder with more than 16 files of its own is found`() {
        func files(_ folder: String, _ count: Int, _ ending: String = "swift") -> [String] {
            (0..<count).map { "\(folder)/\($0).\(ending)" }
        }
        let paths =
            files("Sources/A", 16) + files("Sources/A/B", 17, "c") + files("Tests/A", 17)
            + files("Tests/Oracles", 17, "json") + files("docs", 17)
        #expect(fullFolders(paths).map(\.path).sorted() == ["Sources/A/B", "Tests/A"])
    }

    @Test func `a package without a row among the dependencies is found`() {
        let list = SourceFile(path: "list", text: "# build\nwrk\nlibyaml-dev  # YAML\n")
        let found = undescribedPackages(list, dependencies: "| `wrk` | benchmarks |")
        #expect(found.map(\.line) == [3])
    }

    @Test func `a finding says where, what and what to do`() {
        let finding = Finding(path: "a", line: 2, problem: "b", remedy: "c")
        #expect("\(finding)" == "a:2: b; c")
    }
}
