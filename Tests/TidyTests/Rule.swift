import Testing

/// A property that every file has, or is told how to get.
struct Rule: Sendable, CustomTestStringConvertible {
    /// The property.
    let name: String
    /// Where a file lacks it.
    let check: @Sendable (SourceFile) -> [Finding]

    var testDescription: String { name }

    /// Every rule that looks at one file.
    static let all = [
        Rule(name: "short files", check: shortFiles),
        Rule(name: "short functions", check: shortFunctions),
        Rule(name: "few parameters", check: fewParameters),
        Rule(name: "short lines", check: shortLines),
        Rule(name: "only command lines print", check: onlyCommandLinesPrint),
        Rule(name: "structured tasks", check: structuredTasks),
        Rule(name: "sendable for a reason", check: sendableForAReason),
        Rule(name: "nothing left open", check: nothingLeftOpen),
        Rule(name: "no machine's paths", check: noMachinePaths),
        Rule(name: "names that say something", check: namesThatSaySomething),
        Rule(name: "one word for a thing", check: oneWordForAThing),
    ]
}

/// At most 300 lines.
@Sendable func shortFiles(_ file: SourceFile) -> [Finding] {
    guard file.isCode || file.isC, file.lines.count > 300 else { return [] }
    return [
        file.finding(301, "\(file.lines.count) lines, 300 at most", "split it by topic")
    ]
}

/// At most 60 lines from a function's first to its closing brace.
@Sendable func shortFunctions(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    return functions(in: file.lines).filter { $0.count > 60 }.map { lines in
        file.finding(
            lines.lowerBound + 1, "a function of \(lines.count) lines, 60 at most",
            "move pure work into helpers below it")
    }
}

/// At most six parameters.
@Sendable func fewParameters(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    return parameterCounts(in: file.lines).filter { $0.count > 6 }.map {
        file.finding(
            $0.line, "\($0.count) parameters, 6 at most",
            "assign what has a default, or give what belongs together a type")
    }
}

/// At most 100 columns.
@Sendable func shortLines(_ file: SourceFile) -> [Finding] {
    guard file.isCode else { return [] }
    return file.lines.enumerated().filter { $0.element.count > 100 }.map {
        file.finding($0.offset + 1, "\($0.element.count) columns, 100 at most", "wrap the line")
    }
}

/// Libraries return values; the two command lines write them.
@Sendable func onlyCommandLinesPrint(_ file: SourceFile) -> [Finding] {
    guard file.isSwift, file.path.hasPrefix("Sources/"), !file.isCommandLine else { return [] }
    return file.findings(
        "print in a library", "return the text to the command line", having: ["print("]
    ) {
        $0.contains(/(^|[^A-Za-z0-9_.])print\(/)
    }
}

/// No task outlives the scope that started it.
@Sendable func structuredTasks(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    let isLibrary = file.path.hasPrefix("Sources/") && !file.isCommandLine
    return file.findings(
        "a task without a parent", "use a task group or async let", having: ["Task"]
    ) { line in
        line.contains(/\bTask(<[^>]*>)?\.detached\b/)
            || (isLibrary && line.contains(/(^|[^ ] |\(|^ +)Task(\([^)]*\))? \{/)
                && !line.contains(/\b(struct|class|enum|actor|extension) Task\b/))
    }
}

/// `@unchecked Sendable` has a line beside it that begins with `Sendable:` and argues.
@Sendable func sendableForAReason(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    return file.lines(having: ["@unchecked"]).filter { index in
        let line = file.lines[index]
        guard !file.isComment(line), line.contains(/@unchecked +Sendable\b/) else { return false }
        let around = file.lines[max(0, index - 1)..<min(file.lines.count, index + 2)]
        return !around.contains { $0.contains(/^ *\/\/ Sendable: \S/) }
    }.map {
        file.finding(
            $0 + 1, "a promise that the compiler cannot check",
            "give the reason in a line '// Sendable: ...' directly above or below")
    }
}

/// Open ends live in the tracker.
@Sendable func nothingLeftOpen(_ file: SourceFile) -> [Finding] {
    let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
    return file.lines(
        having: words.flatMap { [$0, $0.lowercased(), $0.prefix(1) + $0.dropFirst().lowercased()] }
    )
    .compactMap { index in
        let parts = file.lines[index].uppercased().split {
            !$0.isLetter && !$0.isNumber && $0 != "_"
        }
        guard let word = words.first(where: { parts.contains(Substring($0)) }) else {
            return nil
        }
        return file.finding(index + 1, "the word \(word)", "do it now, or open an issue")
    }
}

/// What holds on one machine only is no part of the package.
@Sendable func noMachinePaths(_ file: SourceFile) -> [Finding] {
    let pattern = /(^|[^A-Za-z0-9_.\/~$}-])\/(work|home|root)\/[A-Za-z.]/
    return file.lines(having: ["/work/", "/home/", "/root/"])
        .filter { file.lines[$0].contains(pattern) }.map {
            file.finding($0 + 1, "a path of one machine", "make it relative, or a setting")
        }
}

/// No file or folder is named after a heap of things.
@Sendable func namesThatSaySomething(_ file: SourceFile) -> [Finding] {
    let heaps = ["core", "common", "util", "utils", "helper", "helpers"]
    for part in file.path.split(separator: "/") {
        let stem = part.prefix { $0 != "." && $0 != "+" }.lowercased()
        if heaps.contains(stem) {
            return [file.finding(1, "the name \(part)", "name it after what it does")]
        }
    }
    return []
}

/// Words that have another one in this project, in Swift: each with the one to use.
@Sendable func oneWordForAThing(_ file: SourceFile) -> [Finding] {
    guard file.isSwift else { return [] }
    // Swift's own numbers have such names.
    let bounds = file.findings(
        "a bound that is called mo" + "st or least", "say maximum, minimum",
        having: ["most", "least", "fewest"]
    ) {
        $0.contains(/\b(most|least|fewest)[A-Z]/) && !$0.contains(/\bleastN(onzero|ormal)/)
    }
    let words = file.lines(having: ["bs" + "ent"]).filter {
        file.lines[$0].contains(/\b[Aa]bs[e]nt\b/)
    }
    return bounds
        + words.map {
            file.finding($0 + 1, "the word abs" + "ent", "say `nil`, or what is missing")
        }
}
