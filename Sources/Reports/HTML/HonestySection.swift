import Evidence
import Measurements
import Profiles
import Verdicts

/// What the generator did itself, against the limits that a verdict needs it to keep.
struct HonestySection {
    let model: ReportModel

    /// The section's checks and figures.
    var html: String {
        let rows = checks.map { check in
            "<tr><th scope=\"row\">\(Markup.escape(check.name))</th>"
                + "<td>\(Markup.escape(check.measured))</td>"
                + "<td>\(Markup.escape(check.allowed))</td>"
                + "<td class=\"\(check.isMet ? "met" : "unmet")\">"
                + "\(check.isMet ? "✓ kept" : "✕ passed")</td>"
                + "<td>\(Markup.escape(check.consequence))</td></tr>\n"
        }
        let losses = model.evidence.losses.map {
            "<p>Lost: \(Markup.escape($0.description)).</p>\n"
        }
        let head = ["what", "measured", "limit", "", "where it is passed"]
            .map { "<th scope=\"col\">\($0)</th>" }.joined()
        let table =
            rows.isEmpty
            ? "<p class=\"lead\">No load was sent, so that there is nothing to check.</p>\n"
            : "<div class=\"scroll\"><table class=\"checks\"><thead><tr>\(head)</tr></thead>\n"
                + "<tbody>\n\(rows.joined())</tbody></table></div>\n"
        return table + losses.joined()
            + "<h3 class=\"spaced\">The generator's own figures</h3>\n"
            + Page.table([["", ""]] + model.generator, isNumeric: false)
            + "<p class=\"note\">The floor is this generator's latency against a responder in its "
            + "own process that answers at once: no latency below it can be told apart from "
            + "it.</p>\n"
    }

    private struct Check {
        var name: String
        var measured: String
        var allowed: String
        var isMet: Bool
        var consequence: String
    }

    private var checks: [Check] {
        let figures = model.figures
        var checks: [Check] = []
        if figures.load.planned > 0 {
            let fired = figures.load.started + figures.load.dropped + figures.load.unfed
            let share = Double(fired) / Double(figures.load.planned)
            checks.append(
                Check(
                    name: "arrivals started, of those planned", measured: Figure.percent(share),
                    allowed: "at least \(Figure.given(GeneratorLimits.minimumSentShare))",
                    isMet: share >= GeneratorLimits.minimumSentShare,
                    consequence: "what was not sent counts as failed before anything passes"))
        }
        let allowed = GeneratorLimits.maximumLagNanoseconds(of: model.profile)
        if let lag = figures.clocks.last?.values[3] {
            checks.append(
                Check(
                    name: "lag, p99 of all judged requests", measured: Figure.time(lag),
                    allowed: "at most \(Figure.time(allowed))", isMet: lag <= allowed,
                    consequence: late))
        }
        let judged = model.profile.judgedPhaseNames
        let rows = model.evidence.rows.filter { $0.isIn(judged) }
        if !rows.isEmpty {
            let busy = rows.reduce(0) { $0 + $1.busiestLoop } / Double(rows.count)
            checks.append(
                Check(
                    name: "busiest thread, on average", measured: Figure.percent(busy),
                    allowed: "at most \(Figure.given(GeneratorLimits.maximumBusy))",
                    isMet: busy <= GeneratorLimits.maximumBusy, consequence: late))
            checks.append(
                Check(
                    name: "CPU time taken by the host", measured: Figure.percent(figures.steal),
                    allowed: "at most \(Figure.given(GeneratorLimits.maximumSteal))",
                    isMet: figures.steal <= GeneratorLimits.maximumSteal,
                    consequence: late))
        }
        return checks
    }

    /// What a generator that was late, or had too little CPU, costs: only latency depends on it.
    private var late: String {
        let finding = model.verdict.findings.first { $0.reach == .failsOfTime }
        return finding?.effect ?? "a FAIL of latency is void"
    }
}
