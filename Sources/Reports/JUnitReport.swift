import Evidence
import Profiles
import Verdicts

/// A run's verdict as JUnit's XML, a case for each objective: junit.xml.
///
/// FAIL is a `failure`; INCONCLUSIVE and INVALID are an `error`, since nothing was proven and no
/// case may pass that was not.
public enum JUnitReport {
    /// The document.
    public static func text(_ model: ReportModel) -> String {
        var cases = model.verdict.objectives.map { objective in
            testCase(objective.objective, objective.verdict, objective.sentence, model)
        }
        if cases.isEmpty {
            let words =
                model.verdict.findings.first?.sentence
                ?? "the profile has no objectives, so nothing was proven"
            cases = [testCase("objectives", model.verdict.verdict, words, model)]
        }
        let words = model.verdict.objectives.map(\.verdict)
        let all = words.isEmpty ? [model.verdict.verdict] : words
        let failures = all.count { $0 == .fail }
        let errors = all.count { $0 == .inconclusive || $0 == .invalid }
        let counts = "tests=\"\(all.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        let seconds = time(model.figures.load.seconds)
        let findings = model.verdict.findings.map {
            "\($0.voidsPass ? "voids the run" : "voids a FAIL"): \($0.sentence)\n"
        }.joined()
        let name = Markup.escape(model.profile.name)
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="loadgen" \(counts) time="\(seconds)">
            <testsuite name="\(name)" \(counts) skipped="0" time="\(seconds)" \
            timestamp="\(timestamp(model.evidence.description.startedAt))">
            <properties>
            <property name="run" value="\(Markup.escape(model.evidence.description.id))"/>
            <property name="target" value="\(Markup.escape(model.evidence.description.target))"/>
            <property name="verdict" value="\(model.verdict.verdict.rawValue)"/>
            </properties>
            \(cases.joined())\
            \(findings.isEmpty ? "" : "<system-out>\(Markup.escape(findings))</system-out>\n")\
            </testsuite>
            </testsuites>

            """
    }

    private static func testCase(
        _ name: String, _ word: RunVerdict.Word, _ sentence: String, _ model: ReportModel
    ) -> String {
        let head =
            "<testcase name=\"\(Markup.escape(name))\" "
            + "classname=\"loadgen.\(Markup.escape(model.profile.name))\" "
            + "time=\"\(time(model.figures.load.seconds))\">"
        let text = Markup.escape(sentence)
        switch word {
        case .pass: return "\(head)<system-out>\(text)</system-out></testcase>\n"
        case .fail:
            return "\(head)<failure type=\"FAIL\" message=\"\(text)\">\(text)</failure>"
                + "</testcase>\n"
        case .inconclusive, .invalid:
            return "\(head)<error type=\"\(word.rawValue)\" message=\"\(text)\">\(text)</error>"
                + "</testcase>\n"
        }
    }

    /// Three decimals, always with a point.
    private static func time(_ seconds: Double) -> String {
        let thousandths = Int((max(0, seconds) * 1000).rounded())
        return "\(thousandths / 1000).\(String(thousandths % 1000 + 1000).dropFirst())"
    }

    /// JUnit's schema has no zone.
    private static func timestamp(_ text: String) -> String {
        Markup.escape(text.hasSuffix("Z") ? String(text.dropLast()) : text)
    }
}
