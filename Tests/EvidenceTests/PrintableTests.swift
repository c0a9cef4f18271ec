import Measurements
import Testing

@Suite struct PrintableTests {
    @Test(arguments: [
        ("plain, 5 %\n\tsecond line", "plain, 5 %\n\tsecond line"),
        ("Größe 漢字 🙂", "Größe 漢字 🙂"),
        ("\u{1B}[2J\u{1B}]0;title\u{7}", "\u{FFFD}[2J\u{FFFD}]0;title\u{FFFD}"),
        ("a\rb\u{0}c\u{7F}d\u{9B}31m", "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}31m"),
        ("CN=evil\u{202E}moc.elgoog\u{2066}\u{200F}", "CN=evil\u{FFFD}moc.elgoog\u{FFFD}\u{FFFD}"),
        ("a\u{2028}b\u{2029}c\u{FEFF}\u{E000}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}"),
    ])
    func `what controls a terminal or turns a line is shown as a replacement`(
        text: String, shown: String
    ) {
        #expect(text.printable == shown)
        #expect(text.printableLine == shown.replacing("\n\t", with: "  "))
    }
}
