import Collector
import Glibc
import Histograms
import Measurements
import Profiles
import Testing

@testable import Generator

/// Groups, pauses and pacing.
extension ScenarioRunTests {
    @Test func `a group is measured as a whole, without its pauses`() async throws {
        let text = scenario(
            "",
            steps: [
                "{ think: 5ms }",
                "{ group: g, steps: [\(get("/a", ", think: 20ms")), "
                    + "{ group: h, steps: [\(get("/b"))] }] }",
            ])
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ users: 1, iterations per user: 2, for: 20s }"))
        let result = try await FakeRun.run(plan) { _, count in
            FakeTarget.Answer(status: count == 3 ? 500 : 200)
        }
        #expect(result.early == 0)
        func count(_ name: String, failed: Bool) -> UInt64 {
            result.snapshot.histograms[
                HistogramKey(phase: "p", operation: name, clock: .group, isFailed: failed)
            ]?.totalCount ?? 0
        }
        #expect(count("g", failed: false) == 1 && count("g", failed: true) == 1)
        #expect(count("h", failed: false) == 1 && count("h", failed: true) == 1)
        let whole = result.snapshot.histograms[
            HistogramKey(phase: "p", operation: "g", clock: .group)]
        let measured = try #require(whole?.value(atQuantilePartsPerMillion: 1_000_000))
        // Of its two requests, as precise as the histogram; the pause of 20 ms is not in it.
        let wanted = result.times[..<2].reduce(0) { $0 + Double($1.done - $1.due) }
        #expect(abs(Double(measured) - wanted) <= wanted / 1000 + 1024, "\(measured) ns")
    }

    @Test func `a request after a pause is due when the pause ends, and no sooner`() async throws {
        let text = scenario("think: 30ms,", steps: [get("/a"), get("/b", ", think: 1ms")])
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ users: 1, iterations per user: 2, for: 60s }"))
        let result = try await FakeRun.run(plan) { _, _ in FakeTarget.Answer() }
        #expect(result.early == 0 && result.outcomes == [.ok: 4])
        let pauses = zip(result.times.dropFirst(), result.times).map { $0.due - $1.done }
        #expect(pauses == [30_000_000, 1_000_000, 30_000_000])
    }

    @Test func `pacing is the time from start to start, whatever the iteration takes`()
        async throws
    {
        let text = scenario("pacing: 60ms,", steps: [get("/a", ", think: 20ms"), get("/b")])
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ users: 1, iterations per user: 3, for: 60s }"))
        let result = try await FakeRun.run(plan) { _, _ in FakeTarget.Answer() }
        #expect(result.early == 0 && result.outcomes == [.ok: 6])
        let times = result.times
        for start in [0, 2, 4] { #expect(times[start + 1].due == times[start].done + 20_000_000) }
        for start in [2, 4] {
            // One that took longer than its pacing is followed at once.
            let wanted = max(times[start - 2].due + 60_000_000, times[start - 1].done)
            #expect(times[start].due == wanted)
        }
    }

    /// Else it would go on for 50 s.
    @Test(arguments: [("", 500), (", graceful stop: 100ms", 400)])
    func `a long iteration of a closed user ends with the graceful stop`(
        stop: String, milliseconds: UInt64
    ) async throws {
        let text = scenario(
            "", steps: ["{ repeat: 1000, steps: [\(get("/a", ", think: 50ms"))] }"],
            more: "limits: { graceful stop: 200ms }")
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ users: 1, for: 300ms\(stop) }"))
        let result = try await FakeRun.run(plan) { _, _ in FakeTarget.Answer() }
        #expect(result.times.count <= 10, "\(result.times.count)")
        #expect(result.times.allSatisfy { $0.due < milliseconds * 1_000_000 })
    }

    @Test func `of a large body the first 2 KiB are kept, and no part of a secret`() throws {
        // Any variable that every process has will do.
        let secret = try #require(getenv("PATH").map { String(cString: $0) })
        try #require(secret.count > 8)
        let step = get("/a", ", headers: { X: '${env:PATH}' }")
        let plan = try FakeRun.plan(try FakeRun.profile(scenario("", steps: [step])))
        for length in (2040 - secret.count)...2070 {
            let body =
                String(repeating: "x", count: length) + secret
                + String(repeating: "y", count: 1 << 20)
            let text = plan.mask.masked(Array(body.utf8))
            #expect((1000...2048).contains(text.count), "\(length): \(text.count)")
            #expect(!text.contains("x" + secret.prefix(4)), "\(length)")
        }
        #expect(plan.mask.masked(Array("a \(secret) b".utf8)) == "a *** b")
    }

    @Test func `iterations that end at once take no more stack than one`() async throws {
        let profile = try FakeRun.profile(
            scenario("", steps: [get("/a")]),
            load: "{ users: 1, iterations per user: 200000, for: 60s }")
        let plan = try FakeRun.plan(profile)
        let result = try await FakeRun.run(plan, keepsRequests: false) { _, _ in
            FakeTarget.Answer()
        }
        #expect(result.outcomes == [.ok: 200_000])
    }

    @Test func `as fast as possible leaves think time out`() async throws {
        let text = scenario("think: 10s, pacing: 10s,", steps: [get("/a"), get("/b")])
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ as fast as possible: 1, for: 60s }"))
        // With the pauses there would be twelve at most.
        let result = try await FakeRun.run(plan, atMost: 100) { _, _ in FakeTarget.Answer() }
        #expect(result.requests.count == 100)
    }
}
