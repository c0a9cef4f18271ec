import Testing

@testable import MoonbaseNode

@Suite struct SettingsTests {
    @Test func `a plan is read`() throws {
        let plan = try InjectionPlan(
            parsing: """
                seed: 7
                faults:
                  - latency: { on: ping, median: 2ms, sigma: 0.5, rate: 10% }
                  - errors: { rate: 1%, status: 503, burst: 10 }
                  - stall: { at: 1s, for: 250ms, every: 2s }
                  - hang: { container: "database:orders", at: 5s, for: 20s }
                  - errors: { on: ping, nth: 100 }
                """, file: "plan")
        #expect(plan.seed == 7)
        #expect(plan.faults.count == 5 && plan.faults[4].nth == 100 && plan.faults[1].nth == nil)
        #expect(plan.faults[0].kind == .latency(.lognormal(median: 2e6, sigma: 0.5)))
        #expect(plan.faults[0].rate == 0.1)
        #expect(plan.faults[1].kind == .error(status: 503, burst: 10))
        let second: UInt64 = 1_000_000_000
        #expect(plan.faults[2].windowEnd(at: second - 1) == nil)
        #expect(plan.faults[2].windowEnd(at: 3 * second + second / 10) == 3 * second + second / 4)
        #expect(plan.faults[2].windowEnd(at: 3 * second + second / 2) == nil)
    }

    @Test func `every mistake of a plan is named with its place`() throws {
        let error = try #require(throws: SettingsError.self) {
            try InjectionPlan(
                parsing: """
                    sed: 7
                    faults:
                      - latency: { constant: soon }
                      - nothing: {}
                      - stall: {}
                      - errors: { rate: 200%, colour: red }
                      - errors: { rate: 1%, nth: 5 }
                      - errors: { nth: 0 }
                    """, file: "plan")
        }
        #expect(error.problems.count >= 7)
        #expect(error.problems.contains { $0.contains("give one of rate and nth") })
        #expect(error.problems.allSatisfy { $0.hasPrefix("plan:") })
    }

    @Test func `flags come after the file, and mistakes of both are named`() throws {
        var configuration = NodeConfiguration(threads: 2)
        try configuration.read(
            "port: 1\nmemory limit: 512MiB", file: "c.yaml", flags: [("port", "2")])
        #expect(configuration.port == 2)
        #expect(configuration.memoryBytes == 512 << 20)
        let error = try #require(throws: SettingsError.self) {
            var configuration = NodeConfiguration(threads: 2)
            try configuration.read(
                "porte: 1\nthreads: 0", file: "c.yaml", flags: [("port", "70000")])
        }
        #expect(error.problems.count == 3)
    }

    @Test(arguments: [
        ("latency=20ms", true), ("error=503; drip=10", true), ("reset", true), ("", true),
        ("latency=soon", false), ("error=200", false), ("burn", false),
    ])
    func `the header of the admin port is read or refused`(text: String, isRight: Bool) {
        #expect(((try? Injection(header: text)) != nil) == isRight)
    }

    @Test func `a trend says when a limit is reached, and one jump is no trend`() {
        var trend = Exhaustion()
        for second in 0..<20 { trend.add(Double(second) * 10, at: Double(second)) }
        #expect(trend.secondsLeft(until: 290) == 10)
        var flat = Exhaustion()
        for second in 0..<20 { flat.add(second == 10 ? 1000 : 5, at: Double(second)) }
        #expect(flat.secondsLeft(until: 2000) == .infinity)
    }
}
