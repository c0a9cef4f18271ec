import Collector
import Contracts
import Exchanges
import Glibc
import JSON
import Measurements
import Profiles
import Requests
import Statistics

extension Shard {
    /// Judges a whole answer by the contract and by the step, and keeps what later steps need.
    func check(_ step: CompiledStep, _ user: VirtualUser) {
        let exchange = user.exchange
        if step.keepsCookies, let problem = takeCookies(of: user) {
            return mark(exchange, problem)
        }
        var json: JSONValue?
        guard isRight(byStatus(step, exchange, &json), exchange) else { return }
        if step.checksHeaders, let operation = step.operation {
            let result = operation.checkHeaders(status: exchange.status) { name in
                exchange.headers.text(of: Array(name.utf8))
            }
            guard isRight(result, exchange) else { return }
        }
        if let expectation = step.expectation {
            guard check(expectation, user, &json) else { return }
        }
        if !step.saves.isEmpty { save(step.saves, user, &json) }
        if let access = step.access, access.isRead, exchange.outcome == .ok {
            read(access, user, &json)
        }
        if step.judgesAnswerAlone { rightAnswers.keep(exchange, of: step) }
    }

    /// Status, and then whatever the contract has for it.
    private func byStatus(
        _ step: CompiledStep, _ exchange: Exchange, _ json: inout JSONValue?
    ) -> CheckResult {
        let status = exchange.status
        var expected = step.expectedStatus
        if !step.statuses.isEmpty {
            guard step.statuses.contains(where: { $0.contains(status) }) else {
                failedCheck = "expected \(Self.text(step.statuses))"
                return .wrongStatus("status \(status), expected \(Self.text(step.statuses))")
            }
            expected = status
        }
        if let expected, status != expected { failedCheck = "expected \(expected)" }
        if let operation = step.operation {
            return operation.check(
                status: status, contentType: exchange.contentType, body: exchange.body,
                expectedStatus: expected, json: &json)
        }
        if let expected, status != expected {
            return .wrongStatus("status \(status), expected \(expected)")
        }
        if expected == nil, !(200..<300).contains(status) {
            let excerpt = Excerpt.text(exchange.body)
            return .wrongStatus("status \(status)\(excerpt.isEmpty ? "" : ": \(excerpt)")")
        }
        return .right
    }

    static func text(_ statuses: [ClosedRange<Int>]) -> String {
        statuses.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound / 100)xx" }
            .joined(separator: " or ")
    }

    private func isRight(_ result: CheckResult, _ exchange: Exchange) -> Bool {
        switch result {
        case .right: return true
        case .wrongStatus(let detail): mark(exchange, .wrongStatus, detail, check: failedCheck)
        case .wrongContent(let detail):
            // The contract says what is wrong with it before it says what it has instead.
            mark(exchange, .wrongContent, detail, check: FailureWords.short(detail.printable))
        }
        return false
    }

    func mark(
        _ exchange: Exchange, _ outcome: Outcome, _ detail: String, check: String
    ) {
        exchange.outcome = outcome
        exchange.detail = detail.printable
        // What is kept of failures must not have the size of a body.
        if exchange.detail.utf8.count > Self.maximumDetailBytes {
            exchange.detail = String(
                decoding: exchange.detail.utf8.prefix(Self.maximumDetailBytes), as: UTF8.self)
        }
        failedCheck = check
    }

    /// More than the evidence tells.
    private static let maximumDetailBytes = 16 << 10

    /// An answer that cannot be checked, or a value that cannot be kept.
    func mark(_ exchange: Exchange, _ problem: AnswerProblem) {
        mark(exchange, problem.outcome, problem.detail, check: FailureWords.short(problem.detail))
    }

    /// What an answer fails.
    private struct Problem {
        /// The check, in words that do not depend on the answer.
        let check: String
        /// What is wrong, with the values.
        let text: String
    }

    // MARK: What the step expects

    func check(
        _ expectation: CompiledExpectation, _ user: VirtualUser, _ json: inout JSONValue?
    ) -> Bool {
        let exchange = user.exchange
        if let problem = contentProblem(expectation, user, &json) {
            mark(exchange, .wrongContent, problem.text, check: problem.check)
            return false
        }
        let latency = exchange.stamps.done &- exchange.stamps.due
        if expectation.maximumNanoseconds > 0, latency > expectation.maximumNanoseconds {
            mark(
                exchange, .tooSlow,
                "\(latency) ns, expected at most \(expectation.maximumNanoseconds) ns",
                check: "later than \(FailureWords.time(expectation.maximumNanoseconds))")
            return false
        }
        return true
    }

    /// What is wrong with an answer's head or body, in words; `nil` if nothing is.
    private func contentProblem(
        _ expectation: CompiledExpectation, _ user: VirtualUser, _ json: inout JSONValue?
    ) -> Problem? {
        let exchange = user.exchange
        if let type = expectation.contentType {
            let bare = exchange.contentType.prefix { $0 != ";" && $0 != " " }
            if bare != type, bare.lowercased() != type {
                return Problem(
                    check: "content type",
                    text: "content type \"\(exchange.contentType)\", expected \(type)")
            }
        }
        for header in expectation.headers {
            let text = text(of: header.value, user)
            guard let index = exchange.headers.firstIndex(of: header.name),
                exchange.headers.value(at: index).elementsEqual(text)
            else {
                let name = String(decoding: header.name, as: UTF8.self)
                let seen = exchange.headers.text(of: header.name).map { "is \"\($0)\"" }
                return Problem(
                    check: "header field \(name)",
                    text: "the header field \(name) \(seen ?? "is missing"), expected "
                        + excerpt(text))
            }
        }
        if let body = expectation.body {
            let wanted = text(of: body, user)
            if exchange.body != wanted {
                return Problem(
                    check: "body",
                    text: "the body is \(excerpt(exchange.body)), expected \(excerpt(wanted))")
            }
        }
        if let part = expectation.contains {
            let wanted = text(of: part, user)
            if !exchange.body.holds(wanted) {
                return Problem(
                    check: "contains",
                    text: "the body does not contain \(excerpt(wanted)): "
                        + excerpt(exchange.body))
            }
        }
        if let expression = expectation.matches,
            !exchange.body.withUnsafeBufferPointer({ expression.matches($0) })
        {
            return Problem(
                check: "matches",
                text: "the body does not match \(expression.text): \(excerpt(exchange.body))")
        }
        return expectation.needsJSON ? valueProblem(expectation, user, &json) : nil
    }

    private func valueProblem(
        _ expectation: CompiledExpectation, _ user: VirtualUser, _ json: inout JSONValue?
    ) -> Problem? {
        guard let root = parsed(&json, user.exchange) else {
            return Problem(check: "not JSON", text: "the body is not JSON")
        }
        for value in expectation.values {
            let check = "\(value.path)"
            guard let seen = value.path.value(in: root) else {
                return Problem(check: check, text: "the body has nothing at \(value.path)")
            }
            if let template = value.template {
                let wanted = text(of: template, user)
                guard (seen.string ?? seen.text).utf8.elementsEqual(wanted) else {
                    return Problem(
                        check: check,
                        text: "\(value.path) is \(seen.text), expected \(excerpt(wanted))")
                }
            } else if seen != value.value {
                return Problem(
                    check: check,
                    text: "\(value.path) is \(seen.text), expected \(value.value.text)")
            }
        }
        return nil
    }

    func parsed(_ json: inout JSONValue?, _ exchange: Exchange) -> JSONValue? {
        if json == nil { json = try? JSONValue(parsing: exchange.body) }
        return json
    }

    /// A text with its slots filled, in the user's working space.
    func text(of template: Template, _ user: VirtualUser) -> [UInt8] {
        if let fixed = template.fixed { return fixed }
        var output: [UInt8] = []
        swap(&output, &user.scratch)
        output.removeAll(keepingCapacity: true)
        template.render(into: &output, for: user, values: &values)
        user.scratch = output
        return output
    }

    private func excerpt(_ bytes: [UInt8]) -> String {
        "\"\(Excerpt.text(bytes))\""
    }

    /// Whether a condition holds at present.
    func holds(_ condition: CompiledCondition, _ user: VirtualUser) -> Bool {
        if case .chance(let share) = condition.test { return user.random.nextUnit() < share }
        let seen = text(of: condition.value, user)
        switch condition.test {
        case .equals(let other): return seen == text(of: other, user)
        case .isNot(let other): return seen != text(of: other, user)
        case .matches(let expression):
            return seen.withUnsafeBufferPointer { expression.matches($0) }
        case .above(let bound): return Self.number(seen).map { bound.isBelow($0) } ?? false
        case .below(let bound): return Self.number(seen).map { $0.isBelow(bound) } ?? false
        case .chance: return false
        }
    }

    private static func number(_ bytes: [UInt8]) -> JSONNumeral? {
        JSONNumeral(String(decoding: bytes, as: UTF8.self))
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        return withUnsafeBufferPointer { bytes in
            guard var start = bytes.baseAddress else { return false }
            let end = start + bytes.count
            while end - start >= part.count {
                let room = end - start - part.count + 1
                guard let found = memchr(start, Int32(first), room) else { return false }
                if memcmp(found, part, part.count) == 0 { return true }
                start = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
            }
            return false
        }
    }
}
