import Contracts
import JSON

/// A first profile for an API, as a person would begin it.
struct ProfileDraft {
    /// Its name, which a file can have.
    let name: String
    /// The profile in YAML, with comments.
    let text: String
    /// What is left to do, in words.
    private(set) var notes: [String] = []

    private static let placeholder = "http://127.0.0.1:8080"

    /// A draft that sends GET to one URL.
    init(origin: String, path: String) {
        name = LoadLine.name(origin + path)
        var lines = Self.head(name: name, target: origin)
        lines.append(
            "# No OpenAPI document: each answer of the 2xx class is right, unless a step's")
        lines.append("# expect says more.")
        lines.append("contract: none")
        lines += Self.load + ["scenarios:", "  - visit:", "      steps:"]
        let isPlain = path.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.?=&".contains($0))
        }
        lines.append("        - \(isPlain ? "GET \(path)" : Self.quoted("GET \(path)"))")
        text = lines.joined(separator: "\n") + "\n"
    }

    /// A draft that calls each operation of a contract that changes nothing and needs no value of
    /// the user's; the others are in comments.
    ///
    /// - Parameters:
    ///   - reference: how the profile names the contract.
    ///   - target: where the API runs; `nil` for the first server of the document.
    init(contract: Contract, reference: String, target: String?) {
        let file = reference.split(separator: "/").last.map(String.init) ?? reference
        name = file.split(separator: ".").first.map(String.init) ?? file
        let server = contract.servers.first(where: LoadLine.isURL)
            .flatMap { try? LoadLine.parts(of: $0).0 }
        var lines = Self.head(name: name, target: target ?? server ?? Self.placeholder)
        if target == nil, server == nil {
            notes.append(
                "\(reference) names no server; say where the API runs at target, now "
                    + Self.placeholder)
        }
        lines.append("# What the API promises: every answer is checked against it.")
        lines.append("contract: \(Self.quoted(reference))")
        lines += Self.load + ["scenarios:"]
        let operations = contract.operations.values.sorted { $0.id < $1.id }
        let ready = operations.filter(Self.isReady)
        lines += ready.flatMap { Self.scenario($0) }
        let others = operations.filter { !Self.isReady($0) }
        if !others.isEmpty {
            lines.append(
                "  # These change something, or need values of yours; take the # away then.")
            lines += others.flatMap { Self.scenario($0) }.map { "  # \($0.dropFirst(2))" }
        }
        if ready.isEmpty {
            notes.append(
                "no operation can be called without a value of yours; give one at scenarios")
        }
        for part in contract.unchecked.prefix(20) { notes.append("not checked: \(part)") }
        if contract.unchecked.count > 20 {
            notes.append("not checked: \(contract.unchecked.count - 20) more")
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func head(name: String, target: String) -> [String] {
        [
            "# A first profile, by loadgen init. loadgen validate finds mistakes in it.",
            "name: \(quoted(name))",
            "# Another host than this machine also needs --allow-host HOST.",
            "target: \(quoted(target))",
        ]
    }

    private static let load = [
        "", "load:",
        "  # Connections open and caches fill: a phase of this name is not judged.",
        "  - warm up: { from: 1/s, to: 20/s, for: 3s }",
        "  # Requests are due at this rate, however slow the answers are.",
        "  - steady: { rate: 20/s, for: 10s }", "",
        "# What must hold; the run says PASS, FAIL, INCONCLUSIVE or INVALID.", "objectives:",
        "  - error rate < 5%", "  - p(95) < 1s", "",
    ]

    /// Whether it can be called as it is, again and again.
    private static func isReady(_ operation: Operation) -> Bool {
        operation.method == "GET"
            && operation.parameters.allSatisfy { !$0.isRequired && $0.location != "path" }
            && operation.pathParameters.isEmpty
    }

    private static func scenario(_ operation: Operation) -> [String] {
        var keys: [String] = []
        func values(_ location: String, _ key: String) {
            let names = operation.parameters.filter {
                $0.location == location && ($0.isRequired || location == "path")
            }.map(\.name)
            let all = location == "path" ? operation.pathParameters : names
            if !all.isEmpty {
                let pairs = all.map { "\(quoted($0)): \"VALUE\"" }
                keys.append("\(key): { \(pairs.joined(separator: ", ")) }")
            }
        }
        values("path", "path")
        values("query", "query")
        values("header", "headers")
        if operation.bodySchema != nil, operation.exampleBody == nil { keys.append("body: {}") }
        var lines = ["  - \(quoted(operation.id)):", "      steps:"]
        if keys.isEmpty {
            lines.append("        - \(quoted(operation.id))")
        } else {
            lines.append("        - \(quoted(operation.id)):")
            lines += keys.map { "            \($0)" }
        }
        return lines
    }

    /// A text as YAML and JSON write it; a plain word as it stands.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || "-_".contains($0)) }
        let isWord =
            isPlain && text.first != "-" && !text.isEmpty
            && !["null", "true", "false", "yes", "no", "on", "off"].contains(text.lowercased())
        return isWord ? text : JSONValue.string(text).text
    }
}
