import YAML

/// Collects the mistakes of one profile while it is read.
struct ProblemList {
    let file: String
    /// The flag that a position below zero stands for: line -1 is the first override.
    let flags: [String]
    private(set) var problems: [ProfileError.Problem] = []

    init(file: String, flags: [String]) {
        self.file = file
        self.flags = flags
    }

    mutating func add(_ position: YAMLNode.Position, _ message: String) {
        let isFlag = position.line < 0 && -position.line <= flags.count
        problems.append(
            ProfileError.Problem(
                file: isFlag ? flags[-position.line - 1] : file,
                line: max(0, position.line), column: max(0, position.column), message: message))
    }

    mutating func add(
        _ position: YAMLNode.Position, unknown name: String, _ what: String, allowed: [String]
    ) {
        let near = Suggestion.closest(to: name, among: allowed).map { "did you mean \($0)? " } ?? ""
        add(
            position,
            "\"\(name)\" is no \(what); \(near)allowed: \(allowed.joined(separator: ", "))")
    }
}
