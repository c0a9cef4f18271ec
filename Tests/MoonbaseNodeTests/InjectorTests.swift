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

    @Test func `a service needs a time, and a number of servers that can be`() {
        for plan in [
            "faults: [{ service: {} }]", "faults: [{ service: { constant: 1ms, servers: 0 } }]",
        ] {
            #expect(throws: SettingsError.self) { try injector(plan) }
        }
    }
}
