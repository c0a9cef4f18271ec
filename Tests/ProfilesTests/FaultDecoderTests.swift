import Contracts
import JSON
import Testing

@testable import Profiles

@Suite struct FaultDecoderTests {
    private func decode(_ faults: String) throws -> Profile {
        try decode(
            text: """
                load: [{ steady: { rate: 100/s, for: 60s } }]
                scenarios: [{ health: { steps: [ping] } }]
                faults: \(faults)
                """)
    }

    private func decode(text: String) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        return try decoder.decode(text, file: "test.yaml", name: "test").profile
    }

    private func problem(_ faults: String) -> String {
        do {
            _ = try decode(faults)
            return ""
        } catch { return "\(error)" }
    }

    @Test func `strikes that change nothing are read, and written again`() throws {
        let profile = try decode(
            "[{ hang: target, at: 1s, for: 1s, every: 5s, trials: 59, sham: 12 }]")
        #expect(profile.faults[0].shams == 12)
        let again = try decode(text: profile.json.prettyText)
        #expect(again.faults == profile.faults)
        #expect(
            problem("[{ hang: target, at: 1s, for: 1s, sham: 2 }]").contains(
                "strikes that change nothing lie among others; sham needs every and trials"))
        #expect(
            problem("[{ crash: target, at: 1s, every: 5s, trials: 5, sham: 0 }]").contains(
                "a whole number from 1 to 1000"))
    }

    @Test func `faults are read with their victims, times and settings`() throws {
        let profile = try decode(
            """
            [{ hang: target, at: 20s, for: 5s },
             { crash: { port: 4343 }, after: steady, at: 1s },
             { delay: proxy, at: 0s, for: 1s, by: 30ms, jitter: 5ms, direction: to target },
             { cpu: { pid: 4711 }, at: 1s, for: 2s, every: 10s, trials: 59, random: 3s, share: 5% },
             { slow drip: proxy, at: 1s, for: 2s, rate: 10kB/s },
             { disk full: { path: /mnt/small }, at: 1s, for: 2s, limit: 64MiB },
             { crash: workers, at: 4s }]
            """)
        let faults = profile.faults
        #expect(
            faults.map(\.kind) == [
                "hang", "crash", "delay", "cpu", "slow drip", "disk full", "crash",
            ])
        #expect(
            faults.map(\.victim) == [
                .target, .listener(port: 4343), .proxy, .process(4711), .proxy, .path, .workers,
            ])
        #expect(faults[0].start == .seconds(20) && faults[0].length == .seconds(5))
        #expect(faults[1].phase == "steady" && faults[1].length == nil)
        #expect(faults[2].settings.delay == .milliseconds(30))
        #expect(faults[2].settings.direction == .toTarget)
        #expect(faults[3].trials == 59 && faults[3].spread == .seconds(3))
        #expect(faults[3].settings.share == 0.05)
        #expect(faults[4].settings.bytesPerSecond == 10_000)
        #expect(faults[5].settings.path == "/mnt/small" && faults[5].settings.limit == 64 << 20)
    }

    @Test func `the evidence's form of faults is read back as the same faults`() throws {
        let profile = try decode(
            """
            [{ hang: target, at: 20s, for: 5s, every: 10s, trials: 3, random: 2s },
             { black hole: proxy, after: steady, for: 1s, direction: from target },
             { bandwidth: proxy, at: 1500ms, for: 1s, rate: 3kB/s },
             { delay: proxy, at: 1s, for: 1s, by: 7ms, jitter: 1ms },
             { open files: { pid: 7 }, at: 1s, for: 1s, limit: 20 },
             { hang: workers, at: 1s, for: 1s },
             { loss: target, at: 1s, for: 1s, share: 5%, direction: to target },
             { injection: target, at: 1s, for: 1s, plan: { errors: { status: 503, rate: 1% } } },
             { database lock: target, at: 1s, for: 1s },
             { database lock: { path: a b.sqlite }, at: 1s, for: 1s }]
            """)
        #expect(try decode(text: profile.json.text) == profile)
    }

    @Test(arguments: [
        ("hang", "faults must be a list"),
        (
            "[{ hnag: target, at: 1s, for: 1s }]",
            "\"hnag\" is not a key of a fault; did you mean hang?"
        ),
        ("[{ at: 1s, for: 1s }]", "a fault has one kind, as in { hang: target, at: 20s, for: 5s }"),
        ("[{ hang: target, at: 1s }]", "hang has no end; give for"),
        ("[{ hang: target, for: 1s }]", "hang has no time; give at or after"),
        ("[{ crash: target, at: 1s, for: 1s }]", "crash is over at once; it takes no for"),
        (
            "[{ hang: proxy, at: 1s, for: 1s }]",
            "hang strikes target, workers, { pid: NUMBER } or { port"
        ),
        ("[{ hang: { pid: 1 }, at: 1s, for: 1s }]", "\"1\" is not the id of a process, above 1"),
        ("[{ crash: worker, at: 1s }]", "crash strikes target, workers, { pid: NUMBER } or"),
        ("[{ injection: target, at: 1s, for: 1s, plan: 7 }]", "plan is one fault of the node's"),
        (
            "[{ injection: target, at: 1s, for: 1s, plan: { stall: { for: 1s } } }]",
            "for stands beside the plan, not in it"
        ),
        ("[{ partition: proxy, at: 1s, for: 1s }]", "partition strikes target, which loadgen"),
        ("[{ database lock: proxy, at: 1s, for: 1s }]", "lock strikes target or { path: PATH }"),
        ("[{ reset: target, at: 1s, for: 1s }]", "reset strikes proxy"),
        ("[{ disk full: target, at: 1s, for: 1s }]", "disk full strikes { path: PATH }"),
        ("[{ hang: target, at: 1s, for: 1s, rate: 1kB/s }]", "hang has no rate; it has times only"),
        ("[{ cpu: target, at: 1s, for: 1s, limit: 3 }]", "cpu has no limit; it has share"),
        ("[{ hang: target, after: ramp, for: 1s }]", "\"ramp\" is not a phase; allowed: steady"),
        ("[{ hang: target, at: 1s, for: 1s, trials: 59 }]", "59 trials need every"),
        ("[{ crash: target, at: 1s, every: 1s, trials: 0 }]", "\"0\" is not a whole number from 1"),
        (
            "[{ hang: target, at: 1s, for: 3s, every: 5s, random: 2s }]",
            "every is 5s; it must be more than for and random together"
        ),
    ])
    func `a mistake is named with what is allowed`(faults: String, message: String) {
        #expect(problem(faults).contains(message), "\(problem(faults))")
    }
}
