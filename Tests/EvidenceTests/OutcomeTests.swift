import Testing

@testable import Measurements

@Suite struct OutcomeTests {
    @Test func `everything but ok is a failure, and has a word of its own`() {
        #expect(Outcome.allCases.filter { !$0.isFailure } == [.ok])
        #expect(
            Outcome.allCases.map(\.rawValue) == [
                "ok", "wrong_status", "wrong_content", "too_slow", "malformed", "timeout",
                "refused", "reset", "unfinished", "dropped", "over_budget",
            ])
    }
}
