import Testing

@testable import Histograms

@Suite struct HistogramTests {
    @Test func `a value at a rank is within a thousandth of the sorted sample`() throws {
        var values: [UInt64] = []
        var histogram = Histogram()
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            let value = (state >> 33) % 50_000_000 + 1_000
            values.append(value)
            histogram.record(value)
        }
        values.sort()
        for rank in [1, 10_000, 19_000, 19_980, 20_000] {
            let got = try #require(histogram.value(atRank: UInt64(rank)))
            let want = values[rank - 1]
            #expect(got >= want && Double(got) <= Double(want) * 1.001 + 512, "rank \(rank)")
        }
    }

    @Test func `merging adds counts and keeps ranks`() {
        var (left, right, both) = (Histogram(), Histogram(), Histogram())
        for value in UInt64(1)...1000 {
            left.record(value * 1_000)
            right.record(value * 1_000_000)
            both.record(value * 1_000)
            both.record(value * 1_000_000)
        }
        left.add(right)
        #expect(left == both)
        #expect(left.totalCount == 2000)
    }

    @Test func `a value above the highest is counted as infinite, never clamped`() {
        var histogram = Histogram()
        histogram.record(1_000)
        histogram.record(3_600_000_000_001)
        #expect(histogram.totalCount == 2)
        #expect(histogram.value(atRank: 2) == nil)
        #expect(histogram.count(atOrAbove: 1_000_000_000) == (1, 1))
    }

    @Test func `reset empties in place`() {
        var histogram = Histogram()
        histogram.record(5_000_000, count: 3)
        histogram.reset()
        #expect(histogram == Histogram())
        #expect(histogram.value(atQuantilePartsPerMillion: 500_000) == nil)
    }

    @Test func `a log gives back what was written`() throws {
        var histogram = Histogram()
        for value in stride(from: UInt64(700), to: 4_000_000_000, by: 7_777_777) {
            histogram.record(value, count: value % 5 + 1)
        }
        var text = HistogramLog.header(startSeconds: 1_700_000_000)
        text += HistogramLog.line(
            tag: "steady/ping/latency", startSeconds: 1, lengthSeconds: 1, histogram)
        let (intervals, isCut) = try HistogramLog.read(text)
        #expect(!isCut)
        #expect(intervals.map(\.tag) == ["steady/ping/latency"])
        #expect(intervals.first?.histogram == histogram)
    }

    @Test func `a last line that was cut off is left out, one in the middle is an error`() throws {
        var histogram = Histogram()
        histogram.record(1_000_000)
        let line = HistogramLog.line(tag: "a/b/lag", startSeconds: 0, lengthSeconds: 1, histogram)
        let cut = try HistogramLog.read(line + line.prefix(40))
        #expect(cut.isCut && cut.intervals.count == 1)
        #expect(throws: HistogramLog.LineError.self) {
            try HistogramLog.read(line.prefix(40) + "\n" + line)
        }
    }
}
