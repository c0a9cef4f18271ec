import Evidence
import JSON
import Measurements
import Profiles
import Statistics
import Verdicts

/// What failed in the judged phases, kind by kind, the most frequent first: the same figures in
/// every format of a report.
struct WhatFailed: Sendable {
    /// Failures of one operation that are alike.
    struct Kind: Sendable {
        /// What tells it from others.
        var kind: FailureKind
        /// How many there were.
        var count: Int
        /// Judged requests of the operation, right ones too.
        var requests: Int
        /// When the first was due, from the start of the load.
        var firstSeconds: Double
        /// When the last was due.
        var lastSeconds: Double
        /// What one of them was answered, or what was wrong with it; may be empty.
        var example: String
    }

    /// Every kind of the judged phases.
    let kinds: [Kind]
    /// Failures of phases that are not judged.
    let unjudged: Int

    /// The most kinds that a person is shown.
    static let maximumRows = 10

    init(_ model: ReportModel) {
        let evidence = model.evidence
        let judged = model.profile.judgedPhaseNames
        var requests: [String: Int] = [:]
        var unjudged = 0
        for counts in evidence.rows.flatMap(\.counts) {
            for (outcome, number) in counts.outcomes {
                if judged.contains(counts.phase) {
                    requests[counts.operation, default: 0] += number
                } else if outcome.isFailure {
                    unjudged += number
                }
            }
        }
        self.unjudged = unjudged
        kinds = evidence.failureKinds { phase, _ in judged.contains(phase) }.map { sum in
            Kind(
                kind: sum.kind, count: sum.count, requests: requests[sum.kind.operation] ?? 0,
                firstSeconds: Double(sum.firstDueNanoseconds) / 1e9,
                lastSeconds: Double(sum.lastDueNanoseconds) / 1e9,
                example: sum.example.map(Self.example) ?? "")
        }
    }

    // MARK: The formats

    /// A head, then a line for each kind that is shown; empty if none failed.
    var table: [ReportModel.Row] {
        guard !kinds.isEmpty else { return [] }
        return [["what failed", "requests", "operation", "due", "for example"]]
            + kinds.prefix(Self.maximumRows).map { kind in
                [
                    kind.label,
                    "\(Figure.whole(kind.count)) of \(Figure.whole(kind.requests))",
                    kind.kind.operation, kind.times, kind.example,
                ]
            }
    }

    /// What the table leaves out, in words; `nil` if nothing.
    var rest: String? {
        let others = kinds.dropFirst(Self.maximumRows)
        if !others.isEmpty {
            let kinds = others.count == 1 ? "kind" : "kinds"
            let count = others.reduce(0) { $0 + $1.count }
            return "and \(Figure.whole(others.count)) more \(kinds): \(Figure.whole(count)) failed"
        }
        guard kinds.isEmpty, unjudged > 0 else { return nil }
        return
            "\(Figure.whole(unjudged)) requests failed, all of them in phases that are not judged"
    }

    /// Lines of a terminal, with a line that is empty before them; empty if none failed.
    var terminal: String {
        var text = ""
        if !kinds.isEmpty {
            text = "\nwhat failed\n" + TerminalReport.table(Array(table.dropFirst()))
        }
        if let rest { text += (text.isEmpty ? "\n" : "") + "  \(rest)\n" }
        return text
    }

    /// A table of Markdown; empty if none failed.
    var markdown: String {
        let rows = table.enumerated().map { index, row in
            let cells = row.map(Markdown.escape)
            // Whatever a target answers is shown, not rendered.
            guard index > 0, let example = row.last, !example.isEmpty else { return cells }
            return cells.dropLast() + [Markdown.code(example)]
        }
        let table = Markdown.table(rows, isEscaped: true)
        return (table.isEmpty ? "" : "\n\(table)") + (rest.map { "\n\($0)\n" } ?? "")
    }

    /// A part of the page's verdict; empty if none failed.
    var html: String {
        guard !kinds.isEmpty || rest != nil else { return "" }
        let note = rest.map { "<p class=\"note\">\(Markup.escape($0))</p>\n" } ?? ""
        return "<div class=\"finding\">\n\(Page.table(table, isNumeric: false))\(note)</div>\n"
    }

    /// A line for each kind, for texts without tables; empty if none failed.
    var lines: String {
        let lines = table.dropFirst().map { row in
            row.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
        }
        return lines.joined() + (rest.map { "\($0)\n" } ?? "")
    }

    /// Every kind as numbers.
    var json: JSONValue {
        .array(
            kinds.map { kind in
                .object([
                    .init("outcome", .string(kind.kind.outcome.rawValue)),
                    .init("status", kind.kind.status.map { .integer(Int64($0)) } ?? .null),
                    .init("error", kind.kind.error.map { .string($0) } ?? .null),
                    .init("operation", .string(kind.kind.operation)),
                    .init("count", .integer(Int64(kind.count))),
                    .init("requests", .integer(Int64(kind.requests))),
                    .init("first_due_s", .number(kind.firstSeconds)),
                    .init("last_due_s", .number(kind.lastSeconds)),
                    .init("example", .string(kind.example)),
                ])
            })
    }

    // MARK: Examples

    private static func example(_ record: FailureRecord) -> String {
        switch record.outcome {
        case .wrongContent: return harmless(record.detail)
        case .tooSlow:
            let (took, isOver) = record.doneNanoseconds.subtractingReportingOverflow(
                record.dueNanoseconds)
            return took >= 0 && !isOver ? "took \(Figure.time(UInt64(took)))" : ""
        case .malformed, .refused, .reset, .overBudget:
            // The words of the kind are often all there is to say.
            let isSame = record.detail.lowercased().hasSuffix(record.error?.lowercased() ?? "")
            return isSame ? "" : harmless(record.detail)
        case .ok, .wrongStatus, .timeout, .unfinished, .dropped:
            let answer = harmless(readable(record.answer))
            return answer.isEmpty ? "" : "\"\(answer)\""
        }
    }

    /// What a page says, if an answer is one: its first lines are the same on every page.
    static func readable(_ answer: String) -> String {
        let start = answer.drop { $0.isWhitespace }.prefix(9).lowercased()
        guard start.hasPrefix("<!doctype") || start.hasPrefix("<html") else { return answer }
        return answer.replacing(/(?is)<(style|script)\b.*?<\/\1\s*>/, with: " ")
            .replacing(/(?s)<.*?(>|$)/, with: " ")
    }

    /// A beginning of a text, in one line, that changes nothing of a terminal.
    static func harmless(_ text: String) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if isSpace, result.isEmpty || result.last == " " { continue }
            guard count < maximumScalars else { return "\(result)…" }
            count += 1
            if isSpace {
                result += " "
            } else if scalar.isPrintable {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\u{FFFD}"
            }
        }
        return result.last == " " ? String(result.dropLast()) : result
    }

    private static let maximumScalars = 60
}

extension WhatFailed.Kind {
    /// The kind in a few words, without its operation: `404`, or `connection refused`.
    var label: String {
        let words = kind.outcome.words
        let error = kind.error.map(WhatFailed.harmless)
        let text: String? =
            switch kind.outcome {
            case _ where kind.error == FailureKind.other: "\(words), other"
            case .wrongContent, .malformed, .dropped, .overBudget: error.map { "\(words): \($0)" }
            // A connection that was never open can be reset, as an open one is.
            case .refused where kind.error != "connection refused":
                error.map { "while connecting: \($0)" }
            default: error
            }
        let parts = [kind.status.map { "\($0)" }, text].compactMap { $0 }
        return parts.isEmpty ? words : parts.joined(separator: ", ")
    }

    /// When it failed, to the tenth of a second.
    var times: String {
        func time(_ seconds: Double) -> String {
            // Never later than it was.
            let tenths = Int(clamping: (max(-1e9, min(seconds, 1e9)) * 10).rounded(.down))
            let sign = tenths < 0 ? "-" : ""
            return "\(sign)\(Figure.whole(abs(tenths) / 10)).\(abs(tenths) % 10) s"
        }
        let (first, last) = (time(firstSeconds), time(lastSeconds))
        return first == last ? "at \(first)" : "from \(first) to \(last)"
    }
}

extension ReportModel {
    /// What failed in the judged phases.
    var whatFailed: WhatFailed { WhatFailed(self) }
}
