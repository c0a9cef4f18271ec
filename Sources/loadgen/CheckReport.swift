import Checker
import JSON
import Statistics
import Verdicts

/// What a check found, for people and for scripts.
struct CheckReport {
    private let result: CheckResult
    private let verdict: (word: String, exit: ExitCode)

    init(_ result: CheckResult) {
        self.result = result
        verdict =
            switch result.verdict() {
            case .pass: ("PASS", .pass)
            case .fail: ("FAIL", .fail)
            case .inconclusive: ("INCONCLUSIVE", .inconclusive)
            case .invalid: ("INVALID", .invalid)
            }
    }

    var exit: ExitCode { verdict.exit }

    /// What was found, in the order in which anomalies are listed.
    private var findings: [(anomaly: Anomaly, finding: Finding)] {
        Anomaly.allCases.compactMap { anomaly in
            result.findings[anomaly].map { (anomaly, $0) }
        }
    }

    var text: String {
        var text = "\(verdict.word)  \(Figure.whole(result.operations)) operations: "
        text += "\(Figure.whole(result.acknowledgedWrites)) writes acknowledged, "
        text += "\(Figure.whole(result.refusedWrites)) refused, "
        text += "\(Figure.whole(result.uncertainWrites)) maybe; "
        text += "\(Figure.whole(result.reads)) reads\n"
        if result.findings.isEmpty {
            text += result.shortage().map { "too little evidence: \($0)\n" } ?? "nothing found\n"
        }
        for (anomaly, finding) in findings {
            text += "\n\(anomaly.words): \(Figure.whole(finding.count))\n"
            let start = finding.witness.first?.invoked ?? 0
            for operation in finding.witness { text += "  \(operation.words(from: start))\n" }
        }
        return text
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("verdict", .string(verdict.word))]
        for (name, count) in [
            ("operations", result.operations), ("acknowledged_writes", result.acknowledgedWrites),
            ("refused_writes", result.refusedWrites),
            ("uncertain_writes", result.uncertainWrites), ("reads", result.reads),
            ("unread", result.unread), ("unjudged_keys", result.unjudged),
        ] { members.append(.init(name, .integer(Int64(count)))) }
        members.append(
            .init("shortage", result.shortage().map { .string($0) } ?? .null))
        members.append(
            .init(
                "findings",
                .array(
                    findings.map { anomaly, finding in
                        .object([
                            .init("anomaly", .string(anomaly.rawValue)),
                            .init("count", .integer(Int64(finding.count))),
                            .init("witness", .array(finding.witness.map(\.json))),
                        ])
                    })))
        return .object(members)
    }
}

extension Anomaly {
    fileprivate var words: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }
}

extension Operation {
    fileprivate func words(from start: UInt64) -> String {
        func milliseconds(_ time: UInt64) -> String {
            let microseconds = (time - start) / 1000
            let digits = String(microseconds % 1000)
            return "\(microseconds / 1000)."
                + String(repeating: "0", count: 3 - digits.count) + digits
        }
        let what = value == Operation.none ? "nothing" : String(value)
        return "\(milliseconds(invoked)) to \(milliseconds(completed)) ms  client \(client): "
            + "\(kind) key \(key), \(what): \(outcome)"
    }

    fileprivate var json: JSONValue {
        .object([
            .init("kind", .string("\(kind)")), .init("outcome", .string("\(outcome)")),
            .init("key", .integer(Int64(key))), .init("client", .integer(Int64(client))),
            .init("value", value == Operation.none ? .null : .string(String(value))),
            .init("invoked_ns", .integer(Int64(clamping: invoked))),
            .init("completed_ns", .integer(Int64(clamping: completed))),
        ])
    }
}
