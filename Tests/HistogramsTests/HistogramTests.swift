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

    @Test func `what is taken out is what was in it`() {
        var histogram = Histogram()
        for value in [1, 5_000, 70_000_000, .max] as [UInt64] { histogram.record(value) }
        let before = histogram
        #expect(histogram.take() == before && histogram.isEmpty)
        histogram.record(2_000)
        var second = histogram.take()
        #expect(second.totalCount == 1)
        second.record(3_000_000)
        #expect(second.totalCount == 2 && histogram.isEmpty)
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
        let text = HistogramLog.header(startSeconds: 1_700_000_000)
        let remarks = text.utf8.split(separator: UInt8(ascii: "\n")).map { Array($0)[...] }
        #expect(remarks.count == 3 && remarks.allSatisfy(HistogramLog.isRemark))
        let line = HistogramLog.line(
            tag: "steady/ping/latency", startSeconds: 1, lengthSeconds: 0.25, histogram)
        let bytes = Array(line.utf8.dropLast())[...]
        #expect(!HistogramLog.isRemark(bytes))
        let read = try #require(HistogramLog.Line(bytes))
        #expect(read.tag == "steady/ping/latency")
        #expect(read.startSeconds == 1 && read.lengthSeconds == 0.25)
        // What a histogram held before is gone, and its layout with it.
        for var other in [histogram, Histogram(significantDigits: 2), Histogram()] {
            #expect(read.read(into: &other))
            #expect(other == histogram)
        }
    }

    @Test func `a line that was cut off is none, or has no histogram`() throws {
        var histogram = Histogram()
        histogram.record(1_000_000)
        let line = HistogramLog.line(tag: "a/b/lag", startSeconds: 0, lengthSeconds: 1, histogram)
        let bytes = Array(line.utf8.dropLast())
        var other = Histogram()
        for count in bytes.indices.dropLast() {
            // Base64 without its padding is no other histogram.
            #expect(
                HistogramLog.Line(bytes[..<count])?.read(into: &other) != true, "\(count)")
        }
        #expect(HistogramLog.Line([0xFF][...]) == nil)
        #expect(HistogramLog.Line(Array("Tag=".utf8) + [0xFF] + Array(",0,1,2,x".utf8)) == nil)
    }
}
