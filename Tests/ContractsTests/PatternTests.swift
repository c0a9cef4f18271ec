import Testing

@testable import Contracts

@Suite struct PatternTests {
    @Test(arguments: [
        ("^[a-z][a-z0-9-]{0,3}$", ["a", "a-1", "abcd"], ["", "A", "abcde", "1a", "a\n"]),
        (#"^\d{2}$"#, ["12", "00"], ["d2", "1", "1a", "dd"]),
        (#"^[\d.]+$"#, ["1.2"], ["d", #"\"#, ""]), (#"^\w+\s\W$"#, ["a_1 !"], ["a !!", "a a"]),
        (#"^a\.b\/c$"#, ["a.b/c"], ["axb/c"]), ("a|b", ["xa", "b"], ["c"]),
        (#"^\D$"#, ["x"], ["1"]), (#"^[\/]$"#, ["/"], [#"\"#]), (#"\\"#, [#"a\b"#], ["ab"]),
    ])
    func `an expression matches as ECMA's does`(text: String, yes: [String], no: [String]) throws {
        let pattern = try #require(Pattern(text))
        #expect(pattern.text == text)
        for candidate in yes { #expect(pattern.matches(candidate), "\(candidate)") }
        for candidate in no { #expect(!pattern.matches(candidate), "\(candidate)") }
    }

    @Test(arguments: ["(", "[", "a{2,1}", "(?=a)", "(?:a)", #"\"#, #"\1"#, #"\p{L}"#, #"[\D]"#])
    func `what is no expression, or cannot be said, is refused and not guessed`(text: String) {
        #expect(Pattern(text) == nil)
    }

    @Test func `a text with a NUL is not judged by its beginning`() throws {
        let pattern = try #require(Pattern("^a$"))
        #expect(pattern.matches("a"))
        #expect(!pattern.matches("a\u{0}b"))
    }
}
