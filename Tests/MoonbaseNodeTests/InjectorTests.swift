import Contracts
import EventLoops
import Testing

@testable import MoonbaseNode

@Suite struct InjectorTests {
    private func injector(_ plan: String) throws -> Injector {
        try Injector(
            plan: InjectionPlan(parsing: plan, file: "plan"),
            contract: try Contract(builtIn: "moonbase-v0"), clock: ManualClock().clock)
    }

    @Test(arguments: [1, 3])
    func `so many servers serve one answer each, and the others wait`(servers: Int) throws {
        let injector = try injector(
            "faults: [{ service: { constant: 60s, servers: \(servers) } }]")
        for place in 0..<9 {
            let delay = Double(injector.decide(1)?.delayNanoseconds ?? 0) / 60e9
            let expected = Double(place / servers + 1)
            #expect(delay == expected, "answer \(place): \(delay)")
        }
        #expect(injector.metricsText.contains("kind=\"service\",operation=\"*\"} 9"))
    }

    @Test func `a plan is switched on while the node runs, and ends by itself or when asked`()
        throws
    {
        let clock = ManualClock()
        let injector = try Injector(
            plan: InjectionPlan(parsing: "faults: [{ reset: { nth: 2 } }]", file: "plan"),
            contract: try Contract(builtIn: "moonbase-v0"), clock: clock.clock)
        clock.pass(100_000_000_000)
        let plan = try InjectionPlan(
            parsing: "faults: [{ errors: { status: 503, at: 1s, for: 2s } }]", file: "body")
        try injector.switchOn("one", plan)
        #expect(injector.decide(1)?.status == nil)
        clock.pass(1_000_000_000)
        #expect(injector.decide(1)?.status == 503)
        #expect(injector.metricsText.contains(",operation=\"*\",name=\"one\"} 1\n"))
        injector.switchOff("one")
        #expect(injector.decide(1)?.status == nil)
        #expect(!injector.metricsText.contains("one"))
        try injector.switchOn("one", plan)
        clock.pass(2_500_000_000)
        #expect(injector.decide(1)?.status == 503)
        clock.pass(500_000_000)
        #expect(injector.decide(1)?.status == nil)
        // The plan that the node was started with went on all the time.
        #expect(injector.metricsText.contains("kind=\"reset\",operation=\"*\"} 2\n"))
    }

    @Test func `a node has no more than a hundred faults at once, and no unknown operation`() throws
    {
        let injector = try injector("faults: []")
        let one = "{ reset: { for: 1h } }"
        for (faults, isTaken) in [
            ([String](repeating: one, count: 100), true), ([one], false),
        ] {
            let text = "faults: [\(faults.joined(separator: ", "))]"
            let plan = try InjectionPlan(parsing: text, file: "body")
            if isTaken {
                try injector.switchOn("many", plan)
            } else {
                #expect(throws: NodeError.self) { try injector.switchOn("more", plan) }
            }
        }
        let plan = try InjectionPlan(parsing: "faults: [{ reset: { on: nothing } }]", file: "body")
        #expect(throws: NodeError.self) { try injector.switchOn("many", plan) }
    }

    @Test func `a disk is slow or syncs nothing, where the node keeps what is not synced`() throws {
        let text = "faults: [{ slow disk: { constant: 20ms } }, { unsynced writes: { at: 1s } }]"
        let plan = try InjectionPlan(parsing: text, file: "plan")
        let contract = try Contract(builtIn: "moonbase-v0")
        let clock = ManualClock()
        #expect(throws: NodeError.self) {
            try Injector(plan: plan, contract: contract, clock: clock.clock)
        }
        let injector = try Injector(
            plan: plan, contract: contract, clock: clock.clock, hasUnsyncedFiles: true)
        #expect(injector.disk == (20_000_000, false))
        injector.countSyncs(3)
        clock.pass(1_000_000_000)
        #expect(injector.disk == (20_000_000, true))
        #expect(injector.decide(1) == nil)
        #expect(injector.metricsText.contains("kind=\"slow disk\",operation=\"*\"} 3\n"))
        #expect(injector.metricsText.contains("kind=\"unsynced writes\",operation=\"*\"} 0\n"))
    }

    @Test func `a service needs a time, and a number of servers that can be`() {
        for plan in [
            "faults: [{ service: {} }]", "faults: [{ service: { constant: 1ms, servers: 0 } }]",
        ] {
            #expect(throws: SettingsError.self) { try injector(plan) }
        }
    }
}
