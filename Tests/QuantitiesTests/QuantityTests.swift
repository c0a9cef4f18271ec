import Quantities
import Testing

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("500us", .microseconds(500)), ("500µs", .microseconds(500)), ("1ns", .nanoseconds(1)),
            ("1.5ms", .microseconds(1500)), ("1m30s", .seconds(90)), ("1h", .seconds(3600)),
            ("2 m", .seconds(120)), ("8760h", .seconds(31_536_000)), ("0.5s0.5s", .seconds(1)),
            ("1e3s", .seconds(1000)), ("1_000ms", .seconds(1)), (".5s", .milliseconds(500)),
            ("+2s", .seconds(2)),
        ] as [(String, Duration)])
    func `a duration is digits and a unit, perhaps several`(text: String, duration: Duration) throws
    {
        let read = try #require(Quantity.duration(text))
        #expect(read == duration)
        #expect(Quantity.duration(Quantity.text(read)) == read)
    }

    @Test(arguments: [
        "", " ", "5", "s", "5x", "-1s", "0s", "0.1ns", "8761h", "1..5s", "1s5", "1es", "5S", "٣s",
        "99999999999999999999999h", "inf s", "nans",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(Quantity.duration(text) == nil)
    }

    @Test(
        arguments: [
            ("200/s", 200), ("12000/m", 200), ("5/h", 5.0 / 3600), ("1_000/s", 1000),
            ("1,000/s", 1000),
            ("0.5/s", 0.5), ("1e3/s", 1000), ("10000000/s", 1e7), ("200 / s", 200), (".5/s", 0.5),
            ("0/s", 0),
        ] as [(String, Double)])
    func `a rate is a number by a unit of time`(text: String, perSecond: Double) {
        #expect(Quantity.perSecond(text) == perSecond)
    }

    @Test(arguments: [
        "", "200", "/s", "200/", "200/d", "-1/s", "10000001/s", "1/s/s", "x/s", "٣/s",
    ])
    func `what is no rate is refused`(text: String) {
        #expect(Quantity.perSecond(text) == nil)
    }

    @Test(
        arguments: [
            ("512MiB", 512 << 20), ("1.5 GiB", 3 << 29), ("2GB", 2_000_000_000), ("1TiB", 1 << 40),
            ("64KiB", 65_536), ("1B", 1), ("0B", 0), ("1_000 kB", 1_000_000),
        ] as [(String, Int)])
    func `a size is a number and a unit of bytes`(text: String, bytes: Int) {
        #expect(Quantity.bytes(text) == bytes)
        #expect(Quantity.bytes(Quantity.text(bytes: bytes)) == bytes)
    }

    @Test(arguments: [
        "", "512", "MiB", "-1MiB", "1MiB/s", "1 mib", "1e300MiB", "infMiB",
        "٣MiB", "10000TB",
    ])
    func `what is no size is refused`(text: String) {
        #expect(Quantity.bytes(text) == nil)
    }

    @Test func `values are written as people write them`() {
        #expect(Quantity.text(.seconds(7200)) == "2h")
        #expect(Quantity.text(.seconds(90)) == "90s")
        #expect(Quantity.text(.nanoseconds(1_000_001)) == "1000001ns")
        #expect(Quantity.text(perSecond: 1000) == "1000/s")
        #expect(Quantity.text(perSecond: 0.5) == "0.5/s")
        #expect(Quantity.text(bytes: 512 << 20) == "512MiB")
        #expect(Quantity.text(bytes: 1025) == "1025B")
    }

    @Test(
        arguments: [
            ("0.001%", 0.001 / 100), ("5 %", 0.05), ("10ppm", 1e-5), ("10 ppm", 1e-5),
            ("1e-5", 1e-5),
            ("0", 0), ("100%", 1), (".5", 0.5), ("1_000 ppm", 0.001), ("8%", 0.08),
        ] as [(String, Double)])
    func `a share is per cent, parts per million or a plain number`(text: String, share: Double) {
        #expect(Quantity.share(text) == share)
    }

    @Test(arguments: ["", "%", "-1%", "-0", "5%%", "ppm", "x%", "nan", "inf", "٣%", "0x1"])
    func `what is no share is refused`(text: String) {
        #expect(Quantity.share(text) == nil)
    }

    @Test func `a proper share is above 0 and below 1, and is written again`() {
        #expect(Quantity.properShare("0.001%") == 1e-5)
        #expect(Quantity.properShare("99.999%").map { Quantity.text(share: $0) } == "99.999%")
        #expect(Quantity.properShare("0") == nil && Quantity.properShare("100%") == nil)
    }

    @Test func `nanoseconds may be none, and keep their fraction`() {
        #expect(Quantity.nanoseconds("0s") == 0 && Quantity.nanoseconds("0.5ns") == 0.5)
        #expect(Quantity.nanoseconds("9000h") == 9000 * 3600e9)
    }
}
