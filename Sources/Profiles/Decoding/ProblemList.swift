import Suggestions
import YAML

/// Collects the mistakes of one profile while it is read.
struct ProblemList {
    let file: String
    /// The flag that a position below zero stands for: line -1 is the first override.
    let flags: [String]
    private var found: [ProfileError.Problem] = []
    /// How many more there are than are kept.
    private var leftOut = 0

    /// More than a person mends at once.
    private static let maximumProblems = 100

    /// In the order of the file; those of flags come after.
    var problems: [ProfileError.Problem] {
        let order = found.enumerated().sorted { one, other in
            let (left, right) = (one.element, other.element)
            let places = [
                (left.line == 0 ? 1 : 0, right.line == 0 ? 1 : 0), (left.line, right.line),
                (left.column, right.column), (one.offset, other.offset),
            ]
            return places.first { $0.0 != $0.1 }.map { $0.0 < $0.1 } ?? false
        }
        let more = ProfileError.Problem(
            file: file, line: 0, column: 0, message: "and \(leftOut) more mistakes")
        return order.map(\.element) + (leftOut > 0 ? [more] : [])
    }

    /// How many have been found so far.
    var count: Int { found.count + leftOut }

    init(file: String, flags: [String]) {
        self.file = file
        self.flags = flags
    }

    mutating func add(_ position: YAMLNode.Position, _ message: String) {
        let isFlag = position.line < 0 && -position.line <= flags.count
        let problem = ProfileError.Problem(
            file: isFlag ? flags[-position.line - 1] : file,
            line: max(0, position.line), column: max(0, position.column), message: message)
        // A flag is for every phase, and wrong once.
        if !isFlag || !found.contains(problem) { append(problem) }
    }

    private mutating func append(_ problem: ProfileError.Problem) {
        if found.count < Self.maximumProblems { found.append(problem) } else { leftOut += 1 }
    }

    /// A problem of another file, at its own place.
    mutating func add(_ error: DataError) {
        append(
            ProfileError.Problem(
                file: error.file, line: error.line, column: 1, message: error.message))
    }

    mutating func add(
        _ position: YAMLNode.Position, unknown name: String, _ what: String, allowed: [String]
    ) {
        guard found.count < Self.maximumProblems else {
            leftOut += 1
            return
        }
        let article = what.first.map { "aeiou".contains($0) } ?? false ? "an" : "a"
        let near = Suggestion.closest(to: name, among: allowed).map { "did you mean \($0)? " } ?? ""
        add(
            position,
            "\"\(name)\" is not \(article) \(what); \(near)allowed: "
                + allowed.joined(separator: ", "))
    }
}
