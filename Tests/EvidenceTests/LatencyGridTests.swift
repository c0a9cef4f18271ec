import Histograms
import Testing

@testable import Measurements

@Suite struct LatencyGridTests {
    private func histogram(_ values: UInt64...) -> Histogram {
        var histogram = Histogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test(arguments: [
        (UInt64(0), 0), (999, 0), (1000, 0), (1258, 0), (1259, 1), (10_000, 10),
        (1_000_000, 30), (3_600_000_000_000, 95), (UInt64.max, 96),
    ])
    func `a latency has a row`(nanoseconds: UInt64, row: Int) {
        #expect(LatencyGrid.row(of: nanoseconds) == row)
    }

    @Test func `every answer is in the column of its interval`() {
        var grid = LatencyGrid()
        grid.add(histogram(1_000_000, 1_000_000), startSeconds: 0, lengthSeconds: 1)
        grid.add(histogram(110_000_000), startSeconds: 2.001, lengthSeconds: 1)
        #expect(grid.columnSeconds == 1)
        #expect(grid.columns.map { $0.reduce(0, +) } == [2, 0, 1])
        #expect(grid.columns[2][50] == 1)
    }

    @Test func `a long run has bounded columns, and loses no answer`() {
        var grid = LatencyGrid()
        for second in 0..<1000 {
            grid.add(
                histogram(UInt64(second) * 1_000_000), startSeconds: Double(second),
                lengthSeconds: 1)
        }
        #expect(grid.columnSeconds == 8)
        #expect(grid.columns.count == 125)
        #expect(grid.columns.allSatisfy { $0.reduce(0, +) == 8 })
        #expect(grid.columns[1].indices.filter { grid.columns[1][$0] > 0 } == [39, 40, 41])
    }

    @Test func `what no run has is left out`() {
        var grid = LatencyGrid()
        grid.add(histogram(), startSeconds: 0, lengthSeconds: 1)
        grid.add(histogram(1), startSeconds: -5, lengthSeconds: 1)
        grid.add(histogram(1), startSeconds: 1e300, lengthSeconds: 1)
        grid.add(histogram(1), startSeconds: .nan, lengthSeconds: 1)
        #expect(grid == LatencyGrid())
    }
}
