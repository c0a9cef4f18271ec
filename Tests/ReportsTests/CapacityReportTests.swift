import Testing
import Verdicts

@testable import Reports

@Suite struct CapacityReportTests {
    private var capacity: Capacity {
        var search = CapacitySearch(first: 100, most: 10_000, confidence: 0.95)
        var steps: [CapacityStep] = []
        while let next = search.next {
            let outcome = next.rate <= 500 ? CapacitySearch.Outcome.pass : .fail
            search.observe(outcome)
            var step = CapacityStep(
                next, outcome: outcome,
                figures: RunFigures(
                    run: "r", requests: 1_000,
                    values: ["p50": 1e6, "p95": next.rate * 1e4, "p99": 1e7, "error-rate": 0]),
                seconds: 5)
            step.throughput = next.rate
            step.mean = 1e6
            step.cpu = next.rate / 1_000
            step.memory = 4e6
            steps.append(step)
        }
        var capacity = Capacity(
            search: search, steps: steps, profile: "ping", target: "http://127.0.0.1:1",
            objectives: ["p(95) < 10ms & <more>"], processors: 2)
        capacity.seconds = 60
        return capacity
    }

    @Test func `text, Markdown and HTML show the same figures`() {
        let formats = [
            CapacityText.text(capacity), CapacityMarkdown.text(capacity),
            CapacityPage.text(capacity),
        ]
        for format in formats {
            for row in capacity.stepRows + capacity.factRows {
                for cell in row where !cell.contains("<") {
                    #expect(format.contains(cell), "\(cell)")
                }
            }
        }
        #expect(formats[2].contains("&lt;more&gt;") && !formats[2].contains("<more>"))
        #expect(formats[2].contains("Latency against rate"))
    }

    @Test func `the JSON is read back whole, and anything else is not`() {
        #expect(CapacityJSON.capacity(parsing: CapacityJSON.text(capacity)) == capacity)
        #expect(CapacityJSON.capacity(parsing: "{}") == nil)
        #expect(CapacityJSON.capacity(parsing: "") == nil)
    }

    @Test func `a plan's formats show the same figures`() throws {
        let plan = try #require(
            CapacityPlan(
                capacity, wish: CapacityPlan.Wish(targetRate: 20_000, growthPerMonth: 0.08)))
        let formats = [
            CapacityPlanText.text(plan), CapacityPlanMarkdown.text(plan),
            CapacityPlanPage.text(plan),
        ]
        for format in formats {
            #expect(format.contains("ESTIMATE"))
            for row in plan.rows {
                for cell in row { #expect(format.contains(cell), "\(cell)") }
            }
        }
        #expect(CapacityPlanJSON.text(plan).contains("\"nodes\" : \(plan.nodes)"))
    }
}
