import Testing

@testable import Statistics

@Suite struct FailingStretchesTests {
    private func cells(_ failed: [Int], of total: Int = 100) -> [FailingStretches.Cell] {
        failed.enumerated().map {
            .init(start: Double($0), end: Double($0) + 1, total: total, failed: $1)
        }
    }

    @Test(arguments: [
        // A whole second, one that begins and ends within seconds, and two apart.
        ([0, 0, 100, 0, 0], [2..<3]), ([0, 40, 60, 0, 0], [1..<3]), ([0, 48, 48, 0, 0], [1..<3]),
        ([0, 70, 100, 20, 0], [1..<4]), ([100, 0, 0, 0, 55], [0..<1, 4..<5]),
        // Less than half a second, less than half, and errors all along.
        ([0, 0, 45, 0, 0], []), ([0, 30, 30, 0, 0], []), ([20, 25, 20, 25, 20], []),
    ])
    func `an outage is half a second in which at least half failed`(
        failed: [Int], outages: [Range<Int>]
    ) {
        #expect(FailingStretches(cells(failed)).outages.map(\.cells) == outages)
    }

    @Test func `ten requests are the least, and seconds without any end no outage`() {
        #expect(FailingStretches(cells([0, 4, 4, 0], of: 4)).outages.isEmpty)
        #expect(FailingStretches(cells([0, 4, 4, 4, 0], of: 4)).outages.map(\.total) == [12])
        var gone = cells([0, 100, 100, 100, 0])
        gone[2].total = 0
        gone[2].failed = 0
        #expect(FailingStretches(gone).outages.map(\.cells) == [1..<4])
    }

    @Test func `the worst stretch is where most is above a share, and as long as asked`() throws {
        let failed = [0, 0, 0, 20, 20, 20, 20, 0, 0, 30]
        let stretches = FailingStretches(cells(failed))
        let found = try #require(stretches.worst(above: 0.1, seconds: 2))
        #expect(found.cells == 3..<7 && found.failed == 80 && found.total == 400)
        #expect(stretches.worst(above: 0.1, seconds: 1)?.cells == 3..<7)
        #expect(stretches.worst(above: 0.5, seconds: 1) == nil)
        #expect(stretches.worst(above: 0.1, seconds: 20) == nil)
        // By brute force over all ranges.
        var random = SeededRandom(seed: 8)
        for _ in 0..<50 {
            let counts = (0..<30).map { _ in random.nextBinomial(100, 0.1) }
            var best = 0.0
            for first in 0..<26 {
                for end in first + 5...30 {
                    let sum = counts[first..<end].reduce(0, +)
                    best = max(best, Double(sum) - 12 * Double(end - first))
                }
            }
            let worst = FailingStretches(cells(counts)).worst(above: 0.12, seconds: 5)
            let excess = worst.map { Double($0.failed) - 0.12 * Double($0.total) } ?? 0
            #expect(abs(best - excess) < 1e-9)
        }
    }
}
