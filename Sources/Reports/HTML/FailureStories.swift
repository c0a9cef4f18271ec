import Evidence
import Measurements
import Verdicts

/// The failed requests that were kept whole, each with its story.
struct FailureStories {
    let model: ReportModel

    /// The most requests told; of each kind the first ones.
    static let maximumStories = 40

    /// Failures that are alike: of one operation, outcome and detail.
    private struct Kind: Hashable {
        var operation: String
        var outcome: Outcome
        var detail: String
    }

    /// The section.
    var html: String {
        let failed = model.figures.outcomes.filter { $0.outcome.isFailure }
            .reduce(0) { $0 + $1.count }
        let kept = model.evidence.failures
        guard !kept.isEmpty else {
            return "<p class=\"lead\">"
                + (failed == 0
                    ? "No judged request failed, and none was kept."
                    : "No failed request was kept whole; "
                        + "\(Figure.whole(failed)) judged ones failed.")
                + "</p>\n"
        }
        var order: [Kind] = []
        var members: [Kind: [FailureRecord]] = [:]
        for record in kept {
            let kind = Kind(
                operation: record.operation, outcome: record.outcome, detail: record.detail)
            if members[kind] == nil { order.append(kind) }
            members[kind, default: []].append(record)
        }
        order.sort { (members[$0]?.count ?? 0) > (members[$1]?.count ?? 0) }
        let table: [ReportModel.Row] =
            [["outcome", "operation", "what was wrong", "kept"]]
            + order.prefix(Self.maximumStories).map { kind in
                [
                    kind.outcome.words, kind.operation, kind.detail,
                    Figure.whole(members[kind]?.count ?? 0),
                ]
            }
        let told = Self.choose(order.compactMap { members[$0] })
        let chosen =
            model.evidence.hasEveryFailure
            ? "All that failed, judged or not, are in failures.ndjson; these are the kinds"
            : "\(Figure.whole(kept.count)) of all that failed, judged or not, are in "
                + "failures.ndjson: the first ones and the last one of each kind, and a sample of "
                + "the others; these are the kinds of those"
        return "<p class=\"note\">\(Figure.whole(failed)) judged requests failed. \(chosen); "
            + "below, \(Figure.whole(told.count)) of them whole, taken of each kind in "
            + "turn.</p>\n"
            + Page.table(table, isNumeric: false) + told.map(story).joined()
    }

    /// One of each kind in turn, up to the bound, in order of time.
    private static func choose(_ kinds: [[FailureRecord]]) -> [FailureRecord] {
        var chosen: [FailureRecord] = []
        let rounds = min(maximumStories, kinds.map(\.count).max() ?? 0)
        for round in 0..<rounds {
            for kind in kinds where round < kind.count && chosen.count < maximumStories {
                chosen.append(kind[round])
            }
        }
        return chosen.sorted { $0.dueNanoseconds < $1.dueNanoseconds }
    }

    private func story(_ record: FailureRecord) -> String {
        let time = Timeline.moment(Double(record.dueNanoseconds) / 1e9)
        let took = Figure.time(
            UInt64(max(0, record.doneNanoseconds - record.dueNanoseconds)))
        let status = record.status.map { ", status \($0)" } ?? ""
        var text =
            "<details class=\"story\"><summary><b>\(Markup.escape(record.outcome.words))</b> "
            + "\(Markup.escape(record.operation)) at \(time), after \(took)\(status)</summary>\n"
            + "<p>\(Markup.escape(record.detail))</p>\n\(stamps(record))"
        text += Page.table(facts(record), isNumeric: false)
        if !record.request.isEmpty {
            text += "<h3>Request</h3>\n<pre>\(Markup.escape(record.request))</pre>\n"
        }
        if !record.answer.isEmpty {
            text += "<h3>Answer</h3>\n<pre>\(Markup.escape(record.answer))</pre>\n"
        }
        return text + "</details>\n"
    }

    private func facts(_ record: FailureRecord) -> [ReportModel.Row] {
        func since(_ stamp: Int64?) -> String {
            stamp.map { "\(Figure.time(UInt64(max(0, $0 - record.dueNanoseconds)))) later" }
                ?? "never"
        }
        return [
            ["", ""], ["phase, scenario", "\(record.phase), \(record.scenario)"],
            ["due", "\(Figure.significant(Double(record.dueNanoseconds) / 1e9, digits: 6)) s"],
            ["ready", since(record.readyNanoseconds)], ["sent", since(record.sentNanoseconds)],
            ["done", since(record.doneNanoseconds)],
        ]
    }

    /// Lag, connection wait and service time as shares of the latency; the table says the same.
    private func stamps(_ record: FailureRecord) -> String {
        let due = record.dueNanoseconds
        let done = record.doneNanoseconds
        guard done > due else { return "" }
        let ready = record.readyNanoseconds ?? done
        let sent = record.sentNanoseconds ?? done
        let parts: [(ChartTone, Int64, Int64)] = [
            (.orange, due, ready), (.grey, ready, sent), (.blue, sent, done),
        ]
        let bars = parts.map { tone, from, to in
            let share = Double(max(0, to - from)) / Double(done - due)
            return "<i class=\"\(tone.rawValue)\" style=\"width:\(Markup.percent(share))\"></i>"
        }
        return "<div class=\"stamps\" aria-hidden=\"true\">\(bars.joined())</div>\n"
            + Page.legend([
                ("lag", .orange, 1), ("connection wait", .grey, 1), ("service time", .blue, 1),
            ])
    }
}
