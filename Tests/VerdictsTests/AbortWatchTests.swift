import Evidence
import Profiles
import Testing

@testable import Verdicts

@Suite struct AbortWatchTests {
    private func profile(_ objectives: String...) -> Profile {
        func phase(_ name: String, isJudged: Bool = true) -> Phase {
            Phase(
                name: name, model: .constantArrivalRate(Rate(perSecond: 1000), .constant),
                duration: .seconds(10), isJudged: isJudged)
        }
        return Profile(
            name: "test", load: [phase("warm up", isJudged: false), phase("low"), phase("high")],
            scenarios: [Scenario(name: "a", steps: [Step(operation: "ping")])],
            objectives: objectives.compactMap { Objective(parsing: $0) })
    }

    private func row(
        _ phase: String, ok: Int, failed: Int = 0, slow: Int = 0, operation: String = "ping"
    ) -> SeriesRow {
        var outcomes: [Outcome: Int] = [.ok: ok]
        if failed > 0 { outcomes[.timeout] = failed }
        return SeriesRow(
            timeSeconds: 1, phase: phase,
            counts: [
                OperationCounts(
                    phase: phase, operation: operation, outcomes: outcomes,
                    over: ["10000000": slow])
            ])
    }

    @Test func `abort is part of an objective's text`() throws {
        let objective = try #require(Objective(parsing: "p(95) < 10ms on ping abort"))
        #expect(objective.aborts && objective.operation == "ping")
        #expect(objective.description == "p(95) < 10ms on ping abort")
        #expect(Objective(parsing: "p(95) < 10ms")?.aborts == false)
        #expect(Objective(parsing: "abort") == nil)
    }

    @Test func `the phase that breaks it is named, whatever came before`() throws {
        var watch = AbortWatch(profile("p(95) < 10ms abort"))
        for _ in 0..<100 { #expect(watch.take(row("low", ok: 1000, slow: 20)) == nil) }
        var broken: AbortWatch.Break?
        var seconds = 0
        while broken == nil, seconds < 10 {
            broken = watch.take(row("high", ok: 1000, slow: 200))
            seconds += 1
        }
        let found = try #require(broken)
        #expect(seconds <= 2 && found.phase == "high" && found.total == 1000 * seconds)
        #expect(found.sentence.contains("took >= 10.0 ms or failed: 20.0 %, allowed 5.00 %"))
    }

    @Test func `a warm-up, another operation and an objective without abort stop nothing`() {
        var watch = AbortWatch(profile("error rate < 0.1% on ping abort", "error rate < 0.01%"))
        for _ in 0..<20 {
            #expect(watch.take(row("warm up", ok: 500, failed: 500)) == nil)
            #expect(watch.take(row("low", ok: 500, failed: 500, operation: "other")) == nil)
        }
        // A second alone may be a burst; two are not.
        #expect(watch.take(row("low", ok: 990, failed: 10)) == nil)
        #expect(watch.take(row("low", ok: 990, failed: 10)) != nil)
    }

    @Test func `one bad second among good ones is a burst, and stops nothing`() {
        var watch = AbortWatch(profile("error rate < 1% abort"))
        for second in 0..<60 {
            let failed = second == 20 ? 500 : 0
            #expect(watch.take(row("low", ok: 1000 - failed, failed: failed)) == nil)
        }
    }

    @Test func `an objective in one phase stops for that phase alone`() {
        var watch = AbortWatch(profile("error rate < 1% in high abort"))
        for _ in 0..<5 { #expect(watch.take(row("low", ok: 500, failed: 500)) == nil) }
        #expect(watch.take(row("high", ok: 500, failed: 500)) == nil)
        #expect(watch.take(row("high", ok: 500, failed: 500))?.phase == "high")
    }

    @Test func `a share at its limit is seldom called broken, however often one looks`() {
        // Requests that fail by a fixed pattern of exactly the limit, looked at 3,000 times.
        var watch = AbortWatch(profile("error rate < 1% abort"))
        for _ in 0..<3000 { #expect(watch.take(row("low", ok: 99, failed: 1)) == nil) }
    }
}
