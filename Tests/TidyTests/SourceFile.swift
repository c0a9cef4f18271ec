import Foundation

/// A text file of the package, as the rules see it.
struct SourceFile: Sendable {
    /// Where it stands, from the package's folder.
    let path: String
    /// Its lines, without line ends.
    let lines: [String]
    /// All of it.
    private let text: String

    /// A file with its text.
    init(path: String, text: String) {
        self.path = path
        self.text = text
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
    }

    /// The text after the last slash.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Whether it is Swift.
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// Whether it is code: Swift, or a script.
    var isCode: Bool {
        isSwift || (path.hasPrefix("Scripts/") && (!name.contains(".") || name.hasSuffix(".py")))
    }

    /// Whether it is C of the package itself.
    var isC: Bool {
        path.hasPrefix("Sources/") && (path.hasSuffix(".c") || path.hasSuffix(".h"))
    }

    /// Whether it belongs to one of the command lines.
    var isCommandLine: Bool {
        ["loadgen", "moonbase", "benchmarks", "calibration"].contains {
            path.hasPrefix("Sources/\($0)/")
        }
    }

    /// What a rule found on a line, counted from 1.
    func finding(_ line: Int, _ problem: String, _ remedy: String) -> Finding {
        Finding(path: path, line: line, problem: problem, remedy: remedy)
    }

    /// The lines for which `isBad` holds, as findings; comments are left out.
    ///
    /// Only lines that have one of `words` in them are looked at: a regular expression for each
    /// line of the tree takes seconds.
    func findings(
        _ problem: String, _ remedy: String, having words: [String],
        where isBad: (String) -> Bool
    ) -> [Finding] {
        lines(having: words).filter { !isComment(lines[$0]) && isBad(lines[$0]) }
            .map { finding($0 + 1, problem, remedy) }
    }

    /// The indices of the lines that have one of `words` in them.
    func lines(having words: [String]) -> [Int] {
        let here = words.filter { strstr(text, $0) != nil }
        return here.isEmpty
            ? []
            : lines.indices.filter { index in here.contains { strstr(lines[index], $0) != nil } }
    }

    /// Whether a line is a comment and nothing else.
    func isComment(_ line: String) -> Bool {
        line.drop { $0 == " " }.hasPrefix("//")
    }
}

/// What a rule found, and what to do about it.
struct Finding: Sendable, Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let problem: String
    let remedy: String

    var description: String { "\(path):\(line): \(problem); \(remedy)" }
}
