import Statistics

/// One suite of cases as JUnit's XML, which CI services read.
struct JUnitDocument {
    /// What became of a case.
    enum Result {
        case passed
        /// Nothing was asked.
        case skipped
        /// What was asked does not hold; the type is the word for it.
        case failure(type: String)
        /// Nothing was proven.
        case error(type: String)
    }

    /// One case.
    struct Case {
        let name: String
        let result: Result
        let sentence: String
        /// What stands below the sentence.
        var below = ""
    }

    let name: String
    let className: String
    let seconds: Double
    /// ISO 8601 in UTC; `nil` if nothing tells.
    var timestamp: String?
    let properties: [(name: String, value: String)]
    let cases: [Case]
    /// What is said of the whole.
    let output: String
    /// What stands below the sentence of each case that did not pass.
    var details = ""

    var text: String {
        let failures = cases.count { if case .failure = $0.result { true } else { false } }
        let errors = cases.count { if case .error = $0.result { true } else { false } }
        let skipped = cases.count { if case .skipped = $0.result { true } else { false } }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        // JUnit's schema has no zone.
        let start = timestamp.map {
            " timestamp=\"\(Markup.escape($0.hasSuffix("Z") ? String($0.dropLast()) : $0))\""
        }
        let list = properties.map {
            "<property name=\"\($0.name)\" value=\"\(Markup.escape($0.value))\"/>\n"
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="loadgen" \(counts) time="\(time)">
            <testsuite name="\(Markup.escape(name))" \(counts) skipped="\(skipped)" time="\(time)"\
            \(start ?? "")>
            <properties>
            \(list.joined())</properties>
            \(cases.map(text).joined())\
            \(output.isEmpty ? "" : "<system-out>\(Markup.escape(output))</system-out>\n")\
            </testsuite>
            </testsuites>

            """
    }

    private func text(_ one: Case) -> String {
        let text = Markup.escape(one.sentence)
        let own = text + (one.below.isEmpty ? "" : "\n\(Markup.escape(one.below))")
        let whole = own + (details.isEmpty ? "" : "\n\(Markup.escape(details))")
        let inside: String =
            switch one.result {
            case .passed: "<system-out>\(own)</system-out>"
            case .skipped: "<skipped message=\"\(text)\"/>"
            case .failure(let type):
                "<failure type=\"\(type)\" message=\"\(text)\">\(whole)</failure>"
            case .error(let type):
                "<error type=\"\(type)\" message=\"\(text)\">\(whole)</error>"
            }
        return "<testcase name=\"\(Markup.escape(one.name))\" "
            + "classname=\"\(Markup.escape(className))\" time=\"\(time)\">\(inside)</testcase>\n"
    }

    /// Three decimals, always with a point.
    private var time: String {
        let thousandths = Int(clamping: (max(0, seconds) * 1000).rounded())
        return "\(thousandths / 1000).\(String(thousandths % 1000 + 1000).dropFirst())"
    }
}
