import Quantities
import Suggestions

/// Reads what is measured and what it is compared with: `p(95) < 10ms`.
struct ClaimParser {
    /// A kind of claim.
    enum Kind: String, CaseIterable {
        case quantile = "p"
        case errorRate = "error rate"
        case success
        case throughput
        case goodput
        case leak
        case recovery

        /// How it is written.
        var example: String {
            switch self {
            case .quantile: "p(95) < 10ms"
            case .errorRate: "error rate < 0.001%"
            case .success: "success >= 99.999%"
            case .throughput: "throughput >= 990/s"
            case .goodput: "goodput(10ms) >= 980/s"
            case .leak: "leak < 16 B/request or leak < 1 MiB/h"
            case .recovery: "recovery < 30s"
            }
        }

        /// The comparison that it is made with.
        var comparison: String {
            switch self {
            case .quantile, .errorRate, .leak, .recovery: "<"
            case .success, .throughput, .goodput: ">="
            }
        }

        /// What it is compared with, in words.
        var boundForm: String {
            switch self {
            case .quantile, .recovery: Quantity.durationForm
            case .errorRate, .success:
                "a share above 0 and below 1, as in 0.001%, 10 ppm or 0.00001"
            case .throughput, .goodput: "\(Quantity.rateForm), above 0"
            case .leak: "a growth above 0, as in 16 B/request or 1 MiB/h"
            }
        }
    }

    private static let comparisons = ["<=", ">=", "==", "<", ">", "="]
    private let words: [String]
    private let error: (String) -> ObjectiveError

    /// The words before the clauses; `error` makes the error of a reason.
    init(_ words: [String], error: @escaping (String) -> ObjectiveError) {
        self.words = words
        self.error = error
    }

    func claim() throws(ObjectiveError) -> Objective.Claim {
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
            throw error("\(kind.rawValue) is compared by \(kind.comparison), as in \(kind.example)")
        }
        let bound = text[range.upperBound...].split(separator: " ").map(String.init)
        guard !bound.isEmpty else { throw error("nothing stands after \(sign)") }
        if let claim = Self.claim(kind, argument, bound.joined()) { return claim }
        throw error(reason(kind, argument, bound))
    }

    /// What is wrong with a bound: a word too many behind a good one, or the bound itself.
    private func reason(_ kind: Kind, _ argument: String, _ bound: [String]) -> String {
        for count in (1..<max(1, bound.count)).reversed()
        where Self.claim(kind, argument, bound[..<count].joined()) != nil {
            return ObjectiveParser(text: "").unknown(
                bound[count], after: bound[..<count].joined(separator: " "))
        }
        let given = bound.joined(separator: " ")
        if kind == .leak, let hint = Self.leakHint(given) {
            return "\"\(given)\" is not \(kind.boundForm); \(hint)"
        }
        return "\"\(given)\" is not \(kind.boundForm)"
    }

    // MARK: The head

    /// The kind that a head names, with what stands in its parentheses.
    private func kind(of head: String) throws(ObjectiveError) -> (Kind, String) {
        var name = head.split(separator: " ").joined(separator: " ")
        var argument: String?
        if let open = name.firstIndex(of: "("), name.hasSuffix(")") {
            argument = String(name[name.index(after: open)...].dropLast())
                .replacing(" ", with: "")
            name = name[..<open].split(separator: " ").joined(separator: " ")
        }
        if let reason = Self.refusal(of: name, argument) { throw error(reason) }
        guard let kind = Kind(rawValue: name == "errorrate" ? "error rate" : name) else {
            let near =
                Suggestion.closest(to: name, among: Kind.allCases.map(\.rawValue))
                .flatMap(Kind.init(rawValue:)).map { "did you mean \($0.example)? " } ?? ""
            throw error(
                (name.isEmpty ? "" : "\"\(name)\" is nothing that is measured; ")
                    + "\(near)allowed: \(Objective.form)")
        }
        switch kind {
        case .quantile:
            guard let argument, Self.partsPerMillion(argument) != nil else {
                throw error(
                    "p wants a percentage from 0.0001 to 99.9999 in parentheses, as in "
                        + kind.example)
            }
        case .goodput:
            guard let argument, Quantity.duration(argument) != nil else {
                throw error(
                    "goodput wants the latency of a good answer in parentheses, as in "
                        + kind.example)
            }
        case .errorRate, .success, .throughput, .leak, .recovery:
            if let argument {
                throw error("\(kind.rawValue) takes no (\(argument)), as in \(kind.example)")
            }
        }
        return (kind, argument ?? "")
    }

    /// What is asked for often, and why it is no objective; or how it is written here.
    private static func refusal(of name: String, _ argument: String?) -> String? {
        let digits = name.dropFirst()
        if name.lowercased().hasPrefix("p"), !digits.isEmpty, partsPerMillion(digits) != nil {
            return "did you mean p(\(digits)) < 10ms?"
        }
        switch name.lowercased() {
        case "availability", "uptime":
            return "a load test cannot prove availability over a year; "
                + "did you mean success >= 99.999%?"
        case "latency", "response time", "median": return "did you mean p(95) < 10ms?"
        case "errors", "error", "failure rate", "failures": return "did you mean error rate < 0.1%?"
        case "rate", "rps": return "did you mean throughput >= 990/s?"
        case "memory": return "did you mean leak < 16 B/request?"
        case "lag p", "lag": return "limits on the generator stand under limits"
        default: return nil
        }
    }

    // MARK: The bound

    private static func claim(_ kind: Kind, _ argument: String, _ bound: String)
        -> Objective.Claim?
    {
        switch kind {
        case .quantile:
            guard let share = partsPerMillion(argument), let time = Quantity.duration(bound)
            else { return nil }
            return .latencyQuantile(
                partsPerMillion: share, thresholdNanoseconds: time.nanoseconds)
        case .errorRate: return Quantity.properShare(bound).map { .errorRate(ratio: $0) }
        case .success: return Quantity.properShare(bound).map { .success(ratio: $0) }
        case .throughput: return rate(bound).map { .throughput(perSecond: $0) }
        case .goodput:
            guard let rate = rate(bound), let time = Quantity.duration(argument)
            else { return nil }
            return .goodput(perSecond: rate, thresholdNanoseconds: time.nanoseconds)
        case .leak: return growth(bound).map { .leak($0) }
        case .recovery:
            return Quantity.duration(bound).map { .recovery(limitNanoseconds: $0.nanoseconds) }
        }
    }

    private static func partsPerMillion(_ text: some StringProtocol) -> Int? {
        guard let percent = Quantity.number(text), percent < 100 else { return nil }
        let partsPerMillion = Int((percent * 10_000).rounded())
        return (1...999_999).contains(partsPerMillion) ? partsPerMillion : nil
    }

    private static func rate(_ text: String) -> Double? {
        Quantity.rate(text).map(\.perSecond).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func growth(_ text: String) -> Objective.Growth? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            let bytes = Quantity.fractionalBytes(parts[0]), bytes > 0, bytes < Quantity.maximumBytes
        else { return nil }
        return parts[1] == "request"
            ? .bytesPerRequest(bytes) : parts[1] == "h" ? .bytesPerHour(bytes) : nil
    }

    private static func leakHint(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return "it is a growth for each request or an hour" }
        if growth("1B/\(parts[1])") == nil {
            let near = Suggestion.closest(to: parts[1], among: ["request", "hour", "h"])
            return "it is /request or /h"
                + (near.map { "; did you mean /\($0 == "hour" ? "h" : $0)?" } ?? "")
        }
        let number = parts[0].filter { !$0.isLetter }
        if Quantity.number(number.replacing(" ", with: "")) == 0 {
            return "no run can prove that nothing grows at all"
        }
        return "units are B, kB, KiB, MB, MiB, GB, GiB, TB and TiB"
    }
}
