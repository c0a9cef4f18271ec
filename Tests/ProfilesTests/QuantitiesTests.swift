import Testing

@testable import Profiles

@Suite struct QuantitiesTests {
    @Test(
        arguments: [
            ("500us", .microseconds(500)), ("500µs", .microseconds(500)), ("1ns", .nanoseconds(1)),
            ("1.5ms", .microseconds(1500)), ("1m30s", .seconds(90)), ("1h", .seconds(3600)),
            ("2 m", .seconds(120)), ("8760h", .seconds(31_536_000)), ("0.5s0.5s", .seconds(1)),
        ] as [(String, Duration)])
    func `a duration is digits and a unit, perhaps several`(text: String, duration: Duration) throws
    {
        let read = try #require(Quantities.duration(text))
        #expect(read == duration)
        #expect(Quantities.duration(Quantities.text(read)) == read)
    }

    @Test(arguments: [
        "", " ", "5", "s", "5x", "-1s", "0s", "0.1ns", "8761h", "1..5s", "1s5", "1e3s", "5S", "٣s",
        "99999999999999999999999h", "inf s", "nans",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(Quantities.duration(text) == nil)
    }

    @Test(
        arguments: [
            ("200/s", 200), ("12000/m", 200), ("5/h", 5.0 / 3600), ("1_000/s", 1000),
            ("1,000/s", 1000),
            ("0.5/s", 0.5), ("1e3/s", 1000), ("10000000/s", 1e7), ("200 / s", 200),
        ] as [(String, Double)])
    func `a rate is a number by a unit of time`(text: String, perSecond: Double) {
        #expect(Quantities.rate(text)?.perSecond == perSecond)
    }

    @Test(arguments: [
        "", "200", "/s", "200/", "200/d", "-1/s", "10000001/s", "1/s/s", "x/s", "٣/s",
    ])
    func `what is no rate is refused`(text: String) {
        #expect(Quantities.rate(text) == nil)
    }

    @Test(
        arguments: [
            ("512MiB", 512 << 20), ("1.5 GiB", 3 << 29), ("2GB", 2_000_000_000), ("1TiB", 1 << 40),
            ("64KiB", 65_536), ("1B", 1), ("1_000 kB", 1_000_000),
        ] as [(String, Int)])
    func `a size is a number and a unit of bytes`(text: String, bytes: Int) {
        #expect(Quantities.bytes(text) == bytes)
        #expect(Quantities.bytes(Quantities.text(bytes: bytes)) == bytes)
    }

    @Test(arguments: [
        "", "512", "MiB", "-1MiB", "0B", "1MiB/s", "1 mib", "1e300MiB", "infMiB",
        "٣MiB", "10000TB",
    ])
    func `what is no size is refused`(text: String) {
        #expect(Quantities.bytes(text) == nil)
    }

    @Test func `values are written as people write them`() {
        #expect(Quantities.text(.seconds(7200)) == "2h")
        #expect(Quantities.text(.seconds(90)) == "90s")
        #expect(Quantities.text(.nanoseconds(1_000_001)) == "1000001ns")
        #expect(Quantities.text(Rate(perSecond: 1000)) == "1000/s")
        #expect(Quantities.text(Rate(perSecond: 0.5)) == "0.5/s")
        #expect(Quantities.text(bytes: 512 << 20) == "512MiB")
        #expect(Quantities.text(bytes: 1025) == "1025B")
    }
}
