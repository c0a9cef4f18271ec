import Testing

@testable import Measurements

@Suite struct HistogramKeyTests {
    @Test(arguments: [
        ("steady", "ping", Clock.latency, false, "steady/ping/latency"),
        ("steady", "ping", .service, true, "steady/ping/service/failed"),
        ("warm up", "a/b", .lag, false, "warm%20up/a%2fb/lag"),
        ("50%, \"x\"#", "é\n", .wait, false, "50%25%2c%20%22x%22%23/%c3%a9%0a/wait"),
        ("", "", .lag, false, "//lag"),
    ])
    func `a tag holds any name, and gives it back`(
        phase: String, operation: String, clock: Clock, isFailed: Bool, tag: String
    ) {
        let key = HistogramKey(
            phase: phase, operation: operation, clock: clock, isFailed: isFailed)
        #expect(key.tag == tag)
        #expect(HistogramKey(tag: tag) == key)
    }

    @Test(arguments: ["", "a/b", "a/b/speed", "a/b/lag/failed/x", "a/b/lag/wrong", "a/b/lag/"])
    func `what is no tag is refused`(tag: String) {
        #expect(HistogramKey(tag: tag) == nil)
    }

    @Test(arguments: ["a%/b/lag", "a%2/b/lag", "a%zz/b/lag"])
    func `a per cent sign that begins nothing stands for itself`(tag: String) {
        #expect(HistogramKey(tag: tag)?.phase == tag.split(separator: "/").first.map(String.init))
    }
}
