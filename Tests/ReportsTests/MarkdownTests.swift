import Testing

@testable import Reports

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("p(95) < 10ms, 5 ms [4 ms, 6 ms]: 3 wrong_status", nil),
        ("<img src=x>", "\\<img src=x>"), ("</td><!-- a -->", "\\</td>\\<!-- a -->"),
        ("[PASS](http://evil.test)", "[PASS\\](http://evil.test)"),
        ("[a][b]: http://evil.test", "[a\\][b\\]: http://evil.test"),
        ("**bold** `code` ~gone~", "\\*\\*bold\\*\\* \\`code\\` \\~gone\\~"),
        ("_low_ snake_case", "\\_low\\_ snake_case"), ("&lt;b&#62; a & b", "\\&lt;b\\&#62; a & b"),
        ("a\\`b", "a\\\\\\`b"), ("a\n# PASS: all\tis well", "a # PASS: all is well"),
        ("\u{1B}[31m", "\u{FFFD}[31m"),
    ])
    func `a text means itself in a line of Markdown`(text: String, escaped: String?) {
        #expect(Markdown.escape(text) == escaped ?? text)
    }

    @Test(arguments: [
        ("p(95) < 10ms", "`p(95) < 10ms`"), ("a`b", "`` a`b ``"),
        ("``<b>", "``` ``<b> ```"), ("two\nlines", "`two lines`"),
    ])
    func `code stays code whatever it holds`(text: String, code: String) {
        #expect(Markdown.code(text) == code)
    }

    @Test func `a cell ends where the table says`() {
        let table = Markdown.table([["name", "n"], ["a|b\n| c", "1"]])
        #expect(table == "| name | n |\n| --- | --- |\n| a\\|b \\| c | 1 |\n")
        #expect(Markdown.table([["name", "n"]]).isEmpty)
    }
}
