import Measurements
import Profiles
import Testing

@testable import Verdicts

@Suite struct AbortWatchTests {
    private func profile(_ objectives: String...) -> Profile {
        func phase(_ name: String, isJudged: Bool = true) -> Phase {
            Phase(
                name: name, model: ConstantArrivalRate(Rate(perSecond: 1000), .constant),
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
            timeSeconds: 1, phases: [phase],
            counts: [
                OperationCounts(
                    phase: phase, operation: operation, outcomes: outcomes, over: ["10000000": slow]
                )
            ])
    }

    @Test func `abort is part of an objective's text`() throws {
        let objective = try #require(Objective(parsing: "p(95) < 10ms on ping abort"))
        #expect(objective.aborts && objective.operation == "ping")
        #expect(objective.description == "p(95) < 10ms on ping abort")
        #expect(Objective(parsing: "p(95) < 10ms")?.aborts == false)
        #expect(Objective(parsing: "abort") == nil)
    }

    /// Rows of a second each, as a watch takes them.
    private struct Rows {
        var seconds = 0.0

        mutating func next(_ row: SeriesRow) -> SeriesRow {
            seconds += 1
            var row = row
            row.timeSeconds = seconds
            return row
        }
    }

    @Test func `a target that is gone stops the run once it has used up what the run allows`()
        throws
    {
        // 20 judged seconds allow one second at 5 %, and nothing below 1 s stops a run.
        for (limit, seconds) in [("0.1%", 1), ("5%", 2)] {
            var rows = Rows()
            var watch = AbortWatch(profile("error rate < \(limit) abort"))
            #expect(watch.isWatching)
            for _ in 0..<5 { #expect(watch.take(rows.next(row("low", ok: 1000))) == nil) }
            var broken: AbortWatch.Break?
            var gone = 0
            while broken == nil, gone < 10 {
                broken = watch.take(rows.next(row("high", ok: 0, failed: 1000)))
                gone += 1
            }
            let found = try #require(broken)
            #expect(gone == seconds && found.reason == .outage, "\(limit): \(gone) s")
            #expect(found.objective == "error rate < \(limit) abort")
            #expect(
                found.sentence.hasPrefix("for \(seconds).0 s its requests failed"),
                "\(found.sentence)")
        }
    }

    @Test func `silence between two seconds stops it as well, if enough was due`() {
        let watch = AbortWatch(profile("p(95) < 10ms abort"))
        #expect(watch.silence(of: 0, seconds: 1.6, requests: 1600)?.reason == .outage)
        #expect(watch.silence(of: 0, seconds: 1.4, requests: 1400) == nil)
        #expect(watch.silence(of: 0, seconds: 5, requests: 9) == nil)
    }

    @Test func `what fails less than half is bet on, block by block`() throws {
        func stop(after seconds: Int, slow: Int) -> Int? {
            var rows = Rows()
            var watch = AbortWatch(profile("p(95) < 10ms abort"))
            for second in 1...seconds {
                if let broken = watch.take(rows.next(row("low", ok: 1000, slow: slow))) {
                    return broken.reason == .blocks ? second : nil
                }
            }
            return nil
        }
        // By hand: a block of 40 % adds ln(1 + 0.2 bet (0.4 - 0.05)/0.05) to each bet; after three
        // blocks their mean is 6.02, after five 25.1, after six 53.3, and 40 are needed.
        #expect(stop(after: 300, slow: 400) == 90)
        #expect(stop(after: 300, slow: 50) == nil)
    }

    @Test func `a warm-up, another operation and an objective without abort stop nothing`() {
        var rows = Rows()
        var watch = AbortWatch(profile("error rate < 0.1% on ping abort", "error rate < 0.01%"))
        for _ in 0..<20 {
            #expect(watch.take(rows.next(row("warm up", ok: 0, failed: 500))) == nil)
            #expect(
                watch.take(rows.next(row("low", ok: 0, failed: 500, operation: "other"))) == nil)
        }
        #expect(watch.objectives.count == 1)
    }

    @Test func `one bad second among good ones is no outage of a long run`() {
        var rows = Rows()
        var watch = AbortWatch(profile("error rate < 10% abort"))
        for second in 0..<60 {
            let failed = second == 20 ? 1000 : 0
            #expect(watch.take(rows.next(row("low", ok: 1000 - failed, failed: failed))) == nil)
        }
    }

    @Test func `an objective in one phase stops for that phase alone`() {
        var rows = Rows()
        var watch = AbortWatch(profile("error rate < 1% in high abort"))
        for _ in 0..<5 { #expect(watch.take(rows.next(row("low", ok: 0, failed: 500))) == nil) }
        #expect(watch.take(rows.next(row("high", ok: 0, failed: 500))) != nil)
    }

    @Test func `a share at its limit is seldom called broken, however often one looks`() {
        // Requests that fail by a fixed pattern of exactly the limit, looked at 3,000 times.
        var rows = Rows()
        var watch = AbortWatch(profile("error rate < 1% abort"))
        for _ in 0..<3000 {
            #expect(watch.take(rows.next(row("low", ok: 99, failed: 1))) == nil)
        }
    }
}
