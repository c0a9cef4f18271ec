package import Contracts
package import JSON
package import Profiles

/// One request of a scenario, made ready.
///
/// A class, so that a user takes one reference of it for a request, not one of each part.
package final class CompiledStep: Sendable {
    /// What the contract says of the answer; `nil` for a request without it.
    package let operation: Operation?
    /// The row of the statistics.
    package let operationIndex: Int
    package let isHead: Bool
    package let template: Template
    /// The one right status; `nil` if there are several, or the 2xx class is right.
    package let expectedStatus: Int?
    /// The right statuses where there is not just one; empty for the 2xx class.
    package let statuses: [ClosedRange<Int>]
    /// What else is asked of the answer; `nil` for nothing.
    package let expectation: CompiledExpectation?
    package let saves: [Save]
    /// Whether anything reads the answer's header fields.
    package let wantsHeaders: Bool
    /// Whether anything reads the answer's body, and whether as JSON.
    package let readsBody: Bool
    package let readsJSON: Bool
    /// Whether the contract documents fields that can be wrong.
    package let checksHeaders: Bool
    package let keepsCookies: Bool
    /// Whether the same answer is always as right as it was: nothing else is looked at, nor kept.
    package let judgesAnswerAlone: Bool
    /// What it does to a checked store; `nil` for a step that is not checked.
    package let access: CompiledAccess?
    /// Whether the next instruction lists the next page.
    package let hasMorePages: Bool
    /// The pause after the answer; `nil` for none.
    package let think: Delay?
    /// The requests that follow in the scenario's text, without further rounds of loops around it.
    package let following: Int
    /// The loops around it, by their index in the scenario.
    package let loops: [Int]

    /// Every secret that its request or its expectation holds.
    package var secrets: [String] {
        ([template] + (expectation?.templates ?? [])).flatMap(\.secrets)
    }

    /// A value to keep.
    package struct Save: Sendable {
        package let variable: Int
        package let source: Source

        /// Where it comes from.
        package enum Source: Sendable {
            case path(JSONPath)
            /// A header field, in lower case.
            case header([UInt8])
            case expression(RegularExpression)
        }
    }

    /// What a step is made of besides its template.
    struct Parts {
        var operation: Operation?
        var operationIndex: Int
        var isHead: Bool
        var expect: Expectation
        var expectation: CompiledExpectation?
        var saves: [Save]
        var keepsCookies: Bool
        var access: CompiledAccess?
        var hasMorePages = false
        var think: Delay?
        var following: Int
        var loops: [Int]
    }

    init(_ template: Template, _ parts: Parts) {
        self.template = template
        operation = parts.operation
        operationIndex = parts.operationIndex
        isHead = parts.isHead
        let statuses = parts.expect.statuses
        let isOne = statuses.count == 1 && statuses[0].count == 1
        expectedStatus = isOne ? statuses[0].lowerBound : nil
        self.statuses = isOne ? [] : statuses
        expectation = parts.expectation
        saves = parts.saves
        checksHeaders = parts.operation?.documentsHeaders(of: statuses) ?? false
        keepsCookies = parts.keepsCookies
        judgesAnswerAlone =
            parts.expectation == nil && parts.saves.isEmpty && !parts.keepsCookies && !checksHeaders
            && parts.access?.isRead != true
        access = parts.access
        hasMorePages = parts.hasMorePages
        think = parts.think
        following = parts.following
        loops = parts.loops
        let checksBody = parts.operation?.readsBody(of: statuses) ?? false
        readsJSON =
            checksBody || parts.expectation?.needsJSON ?? false || parts.access?.readsJSON ?? false
            || parts.saves.contains { save in
                if case .path = save.source { true } else { false }
            }
        readsBody =
            readsJSON || parts.expectation?.readsBody ?? false || parts.access?.readsBody ?? false
            || parts.saves.contains { save in
                if case .expression = save.source { true } else { false }
            }
        let savesHeader = parts.saves.contains { save in
            if case .header = save.source { true } else { false }
        }
        wantsHeaders =
            checksHeaders || savesHeader || parts.keepsCookies
            || parts.access?.readsHeaders ?? false
            || !(parts.expectation?.headers.isEmpty ?? true)
    }
}
