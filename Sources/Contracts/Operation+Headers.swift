import JSON

extension Operation {
    /// Whether an answer that may be right has documented header fields that can be wrong.
    ///
    /// - Parameter statuses: the right statuses; empty for the 2xx class.
    public func documentsHeaders(of statuses: [ClosedRange<Int>]) -> Bool {
        let right = statuses.isEmpty ? [200...299] : statuses
        return answers.contains { answer in
            !answer.headers.isEmpty && right.contains { $0.overlaps(answer.statuses) }
        }
    }

    /// Whether the check of an answer that may be right reads its body.
    ///
    /// - Parameter statuses: the right statuses; empty for the 2xx class.
    public func readsBody(of statuses: [ClosedRange<Int>]) -> Bool {
        let right = statuses.isEmpty ? [200...299] : statuses
        return method != "HEAD"
            && answers.contains { answer in
                answer.readsBody && right.contains { $0.overlaps(answer.statuses) }
            }
    }

    /// Judges the documented header fields of an answer; the other checks come first.
    ///
    /// - Parameter field: the value of a field by its name in lower case; `nil` for none.
    public func checkHeaders(status: Int, field: (String) -> String?) -> CheckResult {
        guard let answer = answers.first(where: { $0.statuses.contains(status) }) else {
            return .right
        }
        for header in answer.headers {
            guard let text = field(header.name) else {
                if header.isRequired { return .wrongContent("no header field \(header.name)") }
                continue
            }
            guard let problem = header.schema.problem(with: .string(text), at: header.name) else {
                continue
            }
            // A field is a text; the schema may want the number or the truth value that it spells.
            guard let value = try? JSONValue(parsing: text.utf8) else {
                return .wrongContent("the header field \(problem)")
            }
            if let problem = header.schema.problem(with: value, at: header.name) {
                return .wrongContent("the header field \(problem)")
            }
        }
        return .right
    }
}
