import Quantities
import Suggestions

/// Reads what is measured and what it is compared with: `p(95) < 10ms`.
struct ClaimParser {
    private static let comparisons = ["<=", ">=", "==", "<", ">", "="]
    private let words: [String]
    private let error: (String) -> ObjectiveError

    /// The words before the clauses; `error` makes the error of a reason.
    init(_ words: [String], error: @escaping (String) -> ObjectiveError) {
        self.words = words
        self.error = error
    }

    func claim() throws(ObjectiveError) -> any Claim {
        let text = words.joined(separator: " ")
        let places = Self.comparisons.compactMap { sign in
            text.firstRange(of: sign).map { (sign, $0) }
        }
        let first = places.min {
            ($0.1.lowerBound, $1.0.count) < ($1.1.lowerBound, $0.0.count)
        }
        let head = first.map { String(text[..<$0.1.lowerBound]) } ?? text
        let (kind, argument) = try self.kind(of: head)
        guard let (sign, range) = first else {
            throw error("it compares with nothing; write it as \(kind.example)")
        }
        guard sign == kind.comparison else {
            throw error("\(kind.name) is compared by \(kind.comparison), as in \(kind.example)")
        }
        let bound = text[range.upperBound...].split(separator: " ").map(String.init)
        guard !bound.isEmpty else { throw error("nothing stands after \(sign)") }
        if let claim = kind.read(argument: argument, bound: bound.joined()) { return claim }
        throw error(
            kind.reason(argument: argument, bound: bound.joined())
                ?? reason(kind, argument, bound))
    }

    /// What is wrong with a bound: a word too many behind a good one, or the bound itself.
    private func reason(
        _ kind: any WrittenClaim.Type, _ argument: String, _ bound: [String]
    ) -> String {
        for count in (1..<max(1, bound.count)).reversed()
        where kind.read(argument: argument, bound: bound[..<count].joined()) != nil {
            return ObjectiveParser(text: "").unknown(
                bound[count], after: bound[..<count].joined(separator: " "))
        }
        let given = bound.joined(separator: " ")
        let hint = kind.hint(about: given).map { "; \($0)" } ?? ""
        return "\"\(given)\" is not \(kind.boundForm)\(hint)"
    }

    // MARK: The head

    /// The kind that a head names, with what stands in its parentheses.
    private func kind(
        of head: String
    ) throws(ObjectiveError) -> (any WrittenClaim.Type, String) {
        var name = head.split(separator: " ").joined(separator: " ")
        var argument: String?
        if let open = name.firstIndex(of: "("), name.hasSuffix(")") {
            argument = String(name[name.index(after: open)...].dropLast())
                .replacing(" ", with: "")
            name = name[..<open].split(separator: " ").joined(separator: " ")
        }
        if let reason = Self.refusal(of: name) { throw error(reason) }
        guard let kind = Claims.all.first(where: { $0.isNamed(name) }) else {
            let near =
                Suggestion.closest(to: name, among: Claims.all.map { $0.name })
                .flatMap { near in Claims.all.first { $0.name == near } }
                .map { "did you mean \($0.example)? " } ?? ""
            throw error(
                (name.isEmpty ? "" : "\"\(name)\" is nothing that is measured; ")
                    + "\(near)allowed: \(Objective.form)")
        }
        if let reason = kind.problem(ofArgument: argument, named: name) { throw error(reason) }
        return (kind, argument ?? "")
    }

    /// What is asked for often, and why it is no objective; or how it is written here.
    private static func refusal(of name: String) -> String? {
        if ["lag p", "lag"].contains(name.lowercased()) {
            return "limits on the generator stand under limits"
        }
        return Claims.all.lazy.compactMap { $0.refusal(of: name) }.first
    }
}
