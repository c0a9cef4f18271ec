import Testing

@testable import Reports

@Suite struct ChartTests {
    private var chart: Chart {
        var chart = Chart(
            id: "lag", title: "Lag <over> time", summary: "p99 \"stays\" below 1 ms",
            x: .time(from: 0, to: 60), y: .nanoseconds(from: 20_000, to: 3_000_000))
        chart.layers = [
            .line(
                [[ChartPoint(x: 0, y: 20_000), ChartPoint(x: 60, y: 3_000_000)]], tone: .blue),
            .band([[ChartRange(x: 30, low: 20_000, high: 100_000)]], tone: .sky, opacity: 0.25),
            .bars([ChartBox(left: 0, right: 30, bottom: 0, top: .infinity)], tone: .green),
            .dots([ChartPoint(x: 30, y: 1_000_000)], tone: .ink),
            .heat([8: [ChartBox(left: 0, right: 1, bottom: 20_000, top: 30_000)], 1: []]),
        ]
        chart.rules = [
            ChartRule(direction: .vertical, value: 30, label: "a & b", tone: .grey)
        ]
        chart.slices = [ChartSlice(start: 0, end: 15, text: "0-15 s\np99: 1 ms")]
        return chart
    }

    @Test(arguments: [
        ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
        ("\" onload=\"x", "&quot; onload=&quot;x"), ("a&amp;b", "a&amp;amp;b"),
        ("nul\u{0} bell\u{7} é\u{85}", "nul\u{FFFD} bell\u{FFFD} é\u{FFFD}"),
        ("a\tb\nc\rd", "a\tb\nc&#13;d"), ("\u{FFFE}", "\u{FFFD}"), ("", ""),
    ])
    func `text means itself wherever it stands`(text: String, escaped: String) {
        #expect(Markup.escape(text) == escaped)
    }

    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (2.5, "2.5"), (-0.05, "-0.05"), (-3.14159, "-3.14"), (0.004, "0"),
        (99.999, "100"), (12_345.678, "12345.68"), (1e300, "92233720368547758.07"),
        (.nan, "0"),
    ])
    func `a number has no more decimals than it needs`(value: Double, text: String) {
        #expect(Markup.number(value) == text)
    }

    @Test func `a linear scale begins at 0 and ends at a round value`() {
        for most in [0.013, 0.9, 1, 7, 42, 99.9, 1234, 5e8] {
            let scale = ChartScale.linear(upTo: most)
            #expect(scale.low == 0 && scale.high >= most && scale.high <= most * 1.5, "\(most)")
            #expect(scale.position(0) == 0 && scale.position(scale.high) == 1)
            #expect(abs(scale.position(scale.value(at: 0.3)) - 0.3) < 1e-12)
            #expect((3...7).contains(scale.ticks(atMost: 5).count), "\(most)")
        }
        #expect(ChartScale.linear(upTo: 0).high == 1)
        #expect(ChartScale.linear(upTo: .nan).high == 1)
        for most in [Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -1] {
            #expect(ChartScale.linear(upTo: most).high == 1)
        }
    }

    @Test func `a logarithmic scale holds its range between round values`() {
        for (low, high) in [(1_000.0, 3_600e9), (37_000, 41_000), (5, 5), (200, 900)] {
            let scale = ChartScale.logarithmic(from: low, to: high)
            #expect(scale.low <= low && scale.high >= high && scale.low > 0, "\(low) \(high)")
            let ticks = scale.ticks(atMost: 6)
            #expect((1...6).contains(ticks.count), "\(ticks)")
            #expect(ticks.allSatisfy { (0...1).contains(scale.position($0)) })
            let middle = (scale.low * scale.high).squareRoot()
            #expect(abs(scale.position(middle) - 0.5) < 1e-9)
        }
        let scale = ChartScale.logarithmic(from: 1, to: 10)
        #expect(scale.position(0) == 0 && scale.position(-1) == 0 && scale.position(11) == 1)
        #expect(scale.position(.infinity) == 1 && scale.position(.nan) == 0)
    }

    @Test func `ticks are labelled in the unit that suits them`() {
        #expect(
            ChartAxis.nanoseconds(from: 900, to: 4e9).ticks.map(\.label)
                .contains("1 ms"))
        let hours = ChartAxis.time(from: 0, to: 86_400).ticks.map(\.label)
        #expect(hours == ["0 h", "4 h", "8 h", "12 h", "16 h", "20 h", "24 h"])
        #expect(ChartAxis.time(from: 0, to: 27).ticks.map(\.label).prefix(2) == ["0 s", "5 s"])
        #expect(ChartAxis.time(from: 0, to: 0).ticks.first?.label == "0 s")
        let bytes = ChartAxis.bytes(upTo: 3.1 * 1_048_576).ticks.map(\.label)
        #expect(bytes == ["0", "1 MiB", "2 MiB", "3 MiB", "4 MiB"])
        #expect(ChartAxis.counts(upTo: 45_000).ticks.map(\.label) == ["0", "20k", "40k"])
        #expect(ChartAxis.shares(upTo: 0.0004).ticks.map(\.label).allSatisfy { $0.hasSuffix(" %") })
        #expect(Set(ChartAxis.shares(upTo: 0.0004).ticks.map(\.label)).count > 2)
    }

    @Test func `a chart has a name, a description and nothing that is not escaped`() {
        let html = chart.html
        #expect(html.contains("role=\"img\""))
        #expect(html.contains("<title id=\"lag-t\">Lag &lt;over&gt; time</title>"))
        #expect(html.contains("<desc id=\"lag-d\">p99 &quot;stays&quot; below 1 ms</desc>"))
        #expect(html.contains("<title>a &amp; b</title>"))
        #expect(html.contains("<title>0-15 s\np99: 1 ms</title>"))
        #expect(!html.contains("NaN") && !html.contains("inf"))
    }

    @Test func `shapes stand where the scales put them`() {
        let shapes = chart.shapes
        // 20 µs is the bottom of a scale from 20 µs to 5 ms, and 3 ms near its top.
        #expect(shapes.contains("class=\"line blue\" d=\"M0 1000L4000 93\""))
        #expect(shapes.contains("class=\"area green\" d=\"M0 0h2000v1000h-2000z\""))
        #expect(shapes.contains("class=\"dot ink\" d=\"M2000 "))
        #expect(shapes.contains("class=\"heat h8\" d=\"M0 "))
        #expect(!shapes.contains("class=\"heat h1\""))
        #expect(shapes.contains("fill-opacity=\"0.25\""))
    }

    @Test func `a page needs nothing beside itself`() {
        let page = Page(
            title: "a < b", body: Page.table([["", "n"], ["x|y", "<1>"]], isNumeric: true)
        )
        .html
        #expect(page.hasPrefix("<!DOCTYPE html>"))
        #expect(page.contains("<title>a &lt; b</title>"))
        #expect(page.contains("<th scope=\"row\">x|y</th><td>&lt;1&gt;</td>"))
        #expect(!page.contains("https:"))
        #expect(!page.contains("src=\"http") && !page.contains("@import") && !page.contains("url("))
        for tone in ChartTone.allCases { #expect(page.contains("--\(tone.rawValue): #")) }
    }
}
