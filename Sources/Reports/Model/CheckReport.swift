public import Checker
import Evidence
public import JSON
public import Statistics
import Verdicts

/// What a check of operations found, for people and for scripts.
public struct CheckReport {
    private let result: CheckResult
    /// What it says of the store.
    public let verdict: Statistics.Verdict

    /// A report of a result.
    public init(_ result: CheckResult) {
        self.result = result
        verdict = result.verdict()
    }

    private var word: String {
        switch verdict {
        case .pass: "PASS"
        case .fail: "FAIL"
        case .inconclusive: "INCONCLUSIVE"
        case .invalid: "INVALID"
        }
    }

    /// What was found, in the order in which anomalies are listed.
    private var findings: [(anomaly: Anomaly, finding: Finding)] {
        Anomaly.allCases.compactMap { anomaly in
            result.findings[anomaly].map { (anomaly, $0) }
        }
    }

    /// All of it as text.
    public var text: String {
        var text = "\(word)  \(Figure.whole(result.operations)) operations: "
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

    /// All of it as a JSON object.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [.init("verdict", .string(word))]
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

extension CheckReport {
    /// A line for what was looked at, and for each operation that proves a finding.
    var rows: [ReportModel.Row] {
        var rows: [ReportModel.Row] = [
            ["checked", "count", "what proves one of them"],
            ["acknowledged writes", Figure.whole(result.acknowledgedWrites), ""],
            ["refused writes", Figure.whole(result.refusedWrites), ""],
            ["writes that may have happened", Figure.whole(result.uncertainWrites), ""],
            ["reads", Figure.whole(result.reads), ""],
        ]
        for (anomaly, finding) in findings {
            let start = finding.witness.first?.invoked ?? 0
            for (index, operation) in finding.witness.enumerated() {
                rows.append([
                    index == 0 ? anomaly.words : "",
                    index == 0 ? Figure.whole(finding.count) : "", operation.words(from: start),
                ])
            }
        }
        return rows
    }
}

extension ReportModel {
    /// What checked requests showed; empty if the run has none.
    var check: [Row] { evidence.check.map { CheckReport($0).rows } ?? [] }
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
