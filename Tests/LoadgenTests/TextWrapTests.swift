import Testing

@testable import loadgen

@Suite struct TextWrapTests {
    @Test func `a long line breaks between words, and goes on further in`() {
        #expect(TextWrap.text("  one two three", columns: 9) == "  one two\n    three")
        #expect(TextWrap.text("one two", columns: 7) == "one two")
        #expect(TextWrap.text("  a wonderful b", columns: 8) == "  a\n    wonderful\n    b")
    }

    @Test func `lines that fit stay as they are, their columns too`() {
        let table = "  p50    p90\n\n  1 ms   2 ms\n"
        #expect(TextWrap.text(table, columns: 14) == table)
    }

    @Test func `a number stays with its unit, and columns stay in line`() {
        #expect(TextWrap.text("one in 8.3 s, or so", columns: 10) == "one in\n  8.3 s,\n  or so")
        #expect(TextWrap.text("  a   b cd", columns: 9) == "  a   b\n    cd")
    }

    @Test func `colour takes no column`() {
        let line = "\u{1B}[1;32mPASS now\u{1B}[0m"
        #expect(TextWrap.text(line, columns: 8) == line)
        #expect(TextWrap.text(line, columns: 7) == "\u{1B}[1;32mPASS\n  now\u{1B}[0m")
    }
}
