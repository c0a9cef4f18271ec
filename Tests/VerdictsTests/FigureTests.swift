import Statistics
import Testing

@testable import Verdicts

@Suite struct FigureTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (629_578, "629,578"),
        (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func `a whole number has separators`(number: Int, text: String) {
        #expect(Figure.whole(number) == text)
    }

    @Test(arguments: [
        (0, "0"), (1, "1.00"), (1.234, "1.23"), (9.994, "9.99"), (9.996, "10.0"), (99.94, "99.9"),
        (99.95, "100"), (999.4, "999"), (12_345.6, "12,346"), (0.0004121, "0.000412"),
        (0.9994, "0.999"), (0.9996, "1.00"), (0.09996, "0.100"), (-1.5, "-1.50"),
        (1e-12, "0.00000000000100"), (1e-30, "less than 10^-17"), (1e14, "100,000,000,000,000"),
        (1e30, "more than 10^15"), (-1e30, "-more than 10^15"), (.infinity, "∞"),
        (-.infinity, "-∞"), (.nan, "unknown"),
    ])
    func `three digits, never more, and never a false nothing`(value: Double, text: String) {
        #expect(Figure.significant(value) == text)
    }

    @Test func `every power of ten and its neighbours keep three digits`() throws {
        for exponent in -9...9 {
            var power = 1.0
            for _ in 0..<abs(exponent) { power = exponent < 0 ? power / 10 : power * 10 }
            for factor in [0.9949, 0.99949, 0.9999, 1, 1.0001, 1.004, 1.006, 9.949, 9.96] {
                let value = power * factor
                let text = Figure.significant(value)
                let read = try #require(Double(text.filter { $0 != "," }), "\(text)")
                #expect(abs(read - value) <= value * 0.00501, "\(value) as \(text)")
                let digits = text.filter(\.isNumber).drop { $0 == "0" }
                #expect(digits.count == 3 || (value >= 999.5 && digits.count > 3), "\(text)")
            }
        }
    }

    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1000, "1.00 µs"), (734_200, "734 µs"),
        (999_499, "999 µs"), (999_500, "1.00 ms"), (1_234_000, "1.23 ms"),
        (999_499_999, "999 ms"), (999_500_000, "1.00 s"), (12_000_000_000, "12.0 s"),
        (3_600_000_000_000, "3,600 s"), (UInt64.max, "18,446,744,074 s"),
    ])
    func `a time has its unit`(nanoseconds: UInt64, text: String) {
        #expect(Figure.time(nanoseconds) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1_572_864, "1.50 MiB"),
        (3_221_225_472, "3.00 GiB"),
    ])
    func `a size has its unit`(bytes: UInt64, text: String) {
        #expect(Figure.bytes(bytes) == text)
    }

    @Test(arguments: [
        (0, "0 %"), (1, "100 %"), (0.000_004_1, "0.000410 %"), (0.05, "5.00 %"),
        (0.999_999, "99.9999 %"), (0.9999, "99.99 %"), (0.9996, "99.96 %"), (0.999, "99.9 %"),
        (1e-15, "0.000000000000100 %"),
    ])
    func `a share is 0 or 100 only where it is`(share: Double, text: String) {
        #expect(Figure.percent(share) == text)
    }

    @Test(arguments: [
        (0.000_009_999_4, 0.000_01, "0.0009999 %"), (0.000_010_000_1, 0.000_01, "0.00100001 %"),
        (0.98999, 0.99, "98.999 %"), (0.85001, 0.85, "85.001 %"), (0.5, 0.5, "50.0 %"),
        (0.3, 0.5, "30.0 %"),
    ])
    func `a bound is told from the limit that it is compared with`(
        share: Double, limit: Double, text: String
    ) {
        #expect(Figure.percent(share, apartFrom: limit) == text)
    }

    @Test func `a time is told from its limit`() {
        #expect(Figure.time(1_000_511, apartFrom: 1_000_000) == "1.001 ms")
        #expect(Figure.time(1_000_000, apartFrom: 1_000_000) == "1.00 ms")
        #expect(Figure.time(2_000_000, apartFrom: 1_000_000) == "2.00 ms")
    }

    @Test(arguments: [
        (0.00001, "0.001 %"), (0.95, "95 %"), (0.9999, "99.99 %"), (0.9995, "99.95 %"),
        (0.57, "57 %"), (0.999_999_9, "99.99999 %"), (0.05, "5 %"), (1e-13, "0.0000000000100 %"),
    ])
    func `what a person gave is said as it was given`(share: Double, text: String) {
        #expect(Figure.given(share) == text)
    }

    @Test(arguments: [
        (3, 7500, "3 of 7,500, 400 ppm"), (0, 0, "0 of 0"),
        (0, 300_000, "0 of 300,000, 0 ppm"), (5, 5, "5 of 5, 1,000,000 ppm"),
        (9_999_999, 10_000_000, "9,999,999 of 10,000,000, 999,999.9 ppm"),
        (1, 1_000_000_000, "1 of 1,000,000,000, 0.00100 ppm"),
    ])
    func `a count stands beside its total and its parts per million`(
        count: Int, total: Int, text: String
    ) {
        #expect(Figure.counted(Proportion(count, of: total)) == text)
    }
}
