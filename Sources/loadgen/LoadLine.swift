import ArgumentParsing
import JSON
import Quantities

/// A load on URLs, said on the command line, as the profile that it stands for.
struct LoadLine {
    /// Flags that a line has, and a profile in a file says itself.
    static let flags = [
        Flag(
            name: "--users", short: "-c", value: "NUMBER",
            help: "users who each wait for their answer, instead of a rate"),
        Flag(
            name: "--requests", short: "-n", value: "NUMBER",
            help: "end after so many requests, instead of a duration"),
        Flag(name: "--ramp", value: "TIME", help: "rise to the load for so long, not judged"),
        Flag(
            name: "--request", short: "-X", value: "METHOD", help: "GET, or POST with a body"),
        Flag(
            name: "--header", short: "-H", value: "FIELD",
            help: "send this header field, as in \"Accept: text/html\"; may be repeated",
            isRepeatable: true),
        Flag(
            name: "--body", value: "TEXT", help: "send this body, or the file of @FILE"),
    ]

    /// What a line may have, too, and what stands in the profile then.
    static let shared = ["--rate", "--duration", "--objective"]

    /// As often as a line without a rate, users or a number sends: no service falls over by it.
    static let defaultRate = "50/s"
    static let defaultDuration = "10s"
    /// How long a number of requests may take.
    private static let maximumDuration = "24h"

    /// The profile in YAML.
    let profile: String
    /// Its name.
    let name: String

    /// Whether an argument is a URL, and no profile.
    static func isURL(_ argument: String) -> Bool {
        argument.hasPrefix("http://") || argument.hasPrefix("https://")
    }

    /// A line from its words.
    ///
    /// - Throws: `UsageError` with what does not go together, or has no meaning.
    init(_ arguments: Arguments) throws(UsageError) {
        var origin = ""
        var paths: [String] = []
        for text in arguments.arguments {
            let (start, path) = try Self.parts(of: text)
            guard origin.isEmpty || origin == start else {
                throw UsageError(
                    "a run loads one target; \(text) is another than \(origin), so give it a run "
                        + "of its own")
            }
            origin = start
            if !paths.contains(path) { paths.append(path) }
        }
        if arguments.value("--target") != nil {
            throw UsageError("\(origin) is the target already; leave --target out")
        }
        let methods = try Self.request(arguments)
        name = Self.name(origin + (paths.count == 1 ? paths[0] : ""))
        var lines = [
            "name: \(Self.quoted(name))", "target: \(Self.quoted(origin))", "contract: none",
            "load:",
        ]
        lines += try Self.load(arguments)
        lines.append("scenarios:")
        for path in paths {
            let title = "\(methods.name) \(path)"
            lines.append("  - \(Self.quoted(title)):")
            lines.append("      steps:")
            lines.append("        - request:")
            lines.append("            method: \(Self.quoted(methods.name))")
            lines.append("            url: \(Self.quoted(path))")
            lines += methods.keys.map { "            \($0)" }
        }
        let objectives = arguments.all("--objective")
        if !objectives.isEmpty {
            lines.append("objectives:")
            lines += objectives.map { "  - \(Self.quoted($0))" }
        }
        profile = lines.joined(separator: "\n") + "\n"
    }

    /// Scheme with host and port, and the path with its query.
    static func parts(of text: String) throws(UsageError) -> (String, String) {
        guard isURL(text) else {
            throw UsageError(
                "\"\(text)\" is no URL; give URLs, which begin with http:// or https://, or one "
                    + "profile")
        }
        guard !text.contains("#") else {
            throw UsageError("\(text) has a fragment (#...), which is never sent; leave it out")
        }
        let start = text.utf8.index(
            text.startIndex, offsetBy: text.hasPrefix("https://") ? 8 : 7)
        let end = text[start...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
        let path = String(text[end...])
        return (String(text[..<end]), path.hasPrefix("/") ? path : "/\(path)")
    }

    /// The method, and the keys of a request beside it.
    private static func request(
        _ arguments: Arguments
    ) throws(UsageError) -> (name: String, keys: [String]) {
        var keys: [String] = []
        var fields: [(name: String, value: String)] = []
        for text in arguments.all("--header") {
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
                throw UsageError(
                    "--header is NAME: VALUE, as in \"Accept: text/html\", not \"\(text)\"")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            fields.append((String(text[..<colon]), String(value)))
        }
        if let type = fields.firstIndex(where: { $0.name.lowercased() == "content-type" }),
            arguments.value("--body") != nil
        {
            keys.append("content type: \(quoted(fields.remove(at: type).value))")
        }
        if !fields.isEmpty {
            keys.append("headers:")
            keys += fields.map { "  \(quoted($0.name)): \(quoted($0.value))" }
        }
        guard let body = arguments.value("--body") else {
            return (arguments.value("--request") ?? "GET", keys)
        }
        if body.hasPrefix("@") {
            keys.append("body file: \(quoted(String(body.dropFirst())))")
        } else {
            keys.append("text: \(quoted(body))")
            let isJSON =
                (try? JSONValue(parsing: body.utf8)) != nil && "{[".contains(body.prefix(1))
            if isJSON, !keys.contains(where: { $0.hasPrefix("content type") }) {
                keys.append("content type: application/json")
            }
        }
        return (arguments.value("--request") ?? "POST", keys)
    }

    /// The phases.
    private static func load(_ arguments: Arguments) throws(UsageError) -> [String] {
        let rate = try arguments.rate("--rate").map { _ in arguments.value("--rate") ?? "" }
        let users = try arguments.number("--users", in: 1...100_000)
        let count = try arguments.number("--requests", in: 1...1_000_000_000)
        _ = try arguments.duration("--ramp")
        _ = try arguments.duration("--duration")
        let ramp = arguments.value("--ramp")
        if rate != nil, users != nil {
            throw UsageError(
                "--rate and --users do not go together: requests are due at a rate, or when the "
                    + "last answer came")
        }
        if count != nil, arguments.value("--duration") != nil {
            throw UsageError("--requests and --duration do not go together; either ends the load")
        }
        var lines: [String] = []
        if let users {
            if let ramp {
                lines.append("  - warm up: { users: { from: 1, to: \(users) }, for: \(ramp) }")
            }
            let time = arguments.value("--duration") ?? defaultDuration
            lines.append(
                count.map {
                    "  - load: { users: \(users), iterations: \($0), for: \(maximumDuration) }"
                } ?? "  - load: { users: \(users), for: \(time) }")
            return lines
        }
        let text = rate ?? defaultRate
        if let ramp { lines.append("  - warm up: { from: 0/s, to: \(text), for: \(ramp) }") }
        var time = arguments.value("--duration") ?? defaultDuration
        if let count, let perSecond = Quantity.perSecond(text) {
            time = "\(Int((Double(count) / perSecond * 1e9).rounded(.up)))ns"
        }
        lines.append("  - load: { rate: \(text), for: \(time) }")
        return lines
    }

    /// A name that a folder can have.
    static func name(_ url: String) -> String {
        let words = url.split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == ".") }
        return words.dropFirst().joined(separator: "-").prefix(60).description
    }

    /// A text as YAML and JSON write it.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
