import Testing

@testable import Verdicts

@Suite struct CapacityPlanTests {
    private func step(
        _ rate: Double, _ outcome: CapacitySearch.Outcome, p95: Double, cpu: Double? = nil
    ) -> CapacityStep {
        var step = CapacityStep(
            CapacitySearch.Step(stage: .rise, rate: rate, confidence: 0.8, length: 1),
            outcome: outcome,
            figures: RunFigures(
                run: "r", requests: 1_000,
                values: ["p50": p95 / 2, "p95": p95, "p99": p95, "error-rate": 0]), seconds: 5)
        step.throughput = rate
        step.mean = p95 / 2
        step.cpu = cpu
        if outcome == .fail { step.bound = .target }
        return step
    }

    private func capacity(cpu: Double? = nil) -> Capacity {
        var search = CapacitySearch(first: 100, most: 10_000, confidence: 0.95)
        var steps: [CapacityStep] = []
        while let next = search.next {
            let outcome = next.rate <= 500 ? CapacitySearch.Outcome.pass : .fail
            search.observe(outcome)
            var taken = step(next.rate, outcome, p95: next.rate * 1e4, cpu: cpu)
            taken.stage = next.stage
            steps.append(taken)
        }
        var capacity = Capacity(
            search: search, steps: steps, profile: "ping", target: "http://127.0.0.1:1",
            objectives: ["p(95) < 10ms"], processors: 2)
        capacity.seconds = 60
        return capacity
    }

    @Test func `nodes are what the peak needs within the headroom, and the spare ones`() throws {
        let capacity = capacity()
        let perNode = try #require(capacity.confirmedRate)
        let plan = try #require(
            CapacityPlan(capacity, wish: CapacityPlan.Wish(targetRate: 20_000)))
        let needed = Int((20_000 * 1.3 / (perNode * 0.7)).rounded(.up))
        #expect(plan.needed == needed && plan.nodes == needed + 1)
        #expect(plan.usualRate == 20_000 / Double(needed + 1))
        #expect(plan.worstRate <= perNode * 0.7)
        // The steps' p95 is linear in their rate, so what lies between them is known.
        #expect(abs((plan.usualP95 ?? 0) - plan.usualRate * 1e4) < 1)
        #expect(plan.months == nil && plan.limit.contains("latency"))
    }

    @Test func `growth uses up what rounding left, month by month`() throws {
        let capacity = capacity()
        let perNode = try #require(capacity.confirmedRate)
        var wish = CapacityPlan.Wish(targetRate: perNode * 0.7 / 1.3 / 1.08, spare: 0)
        wish.growthPerMonth = 0.08
        let plan = try #require(CapacityPlan(capacity, wish: wish))
        #expect(plan.nodes == 1)
        #expect(abs(try #require(plan.months) - 1) < 1e-9)
    }

    @Test func `a busy target is limited by CPU, one without a confirmed rate has no plan`() throws
    {
        let busy = try #require(
            CapacityPlan(capacity(cpu: 1.9), wish: CapacityPlan.Wish(targetRate: 1)))
        #expect(busy.limit.hasPrefix("CPU: 1.90 of 2"))
        var none = capacity()
        none.confirmedRate = nil
        #expect(CapacityPlan(none, wish: CapacityPlan.Wish(targetRate: 1)) == nil)
    }

    @Test func `a capacity says its bracket, its bound and its knee`() throws {
        let capacity = capacity()
        #expect(capacity.word == .pass && capacity.exitCode == 0 && capacity.bound == .target)
        #expect(capacity.sentence.contains("the target was too slow there"))
        let (low, high) = try #require(
            capacity.confirmedRate.flatMap { low in capacity.lowestFailing.map { (low, $0) } })
        #expect(low <= 500 && 500 < high && high / low <= 1.1)
        #expect(capacity.knee == 400)
        #expect(capacity.scalability != nil)
    }
}
