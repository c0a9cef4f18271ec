import Suggestions
import Testing

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("smok", "smoke"), ("SMOKE", "smoke"), ("somke", "smoke"), ("smokes", "smoke"),
            ("pnig", "ping"), ("fivenines", "five-nines"), ("xyz", nil), ("", nil), ("p", nil),
        ] as [(String, String?)])
    func `a near miss is told, a far one is not`(word: String, closest: String?) {
        #expect(
            Suggestion.closest(to: word, among: ["ping", "smoke", "five-nines", "ramp"]) == closest)
    }

    @Test func `the nearest is told, the first of equals`() {
        #expect(Suggestion.closest(to: "rate", among: ["date", "rates", "rate"]) == "rate")
        #expect(Suggestion.closest(to: "rote", among: ["rate", "rite"]) == "rate")
        #expect(Suggestion.closest(to: "x", among: []) == nil)
    }
}
