import EventLoops
import Evidence
import Measurements
import Profiles
import Targets
import Testing

@testable import Campaigns

@Suite(.timeLimit(.minutes(20))) struct SamplerTests {
    private func errorRate(_ ratio: Double) -> Objective {
        var objective = Objective(claim: ErrorRateClaim(ratio: ratio))
        objective.aborts = true
        return objective
    }

    private func outcomes(_ rows: [SeriesRow]) -> [Outcome: Int] {
        rows.flatMap(\.counts).reduce(into: [:]) { $0.merge($1.outcomes, uniquingKeysWith: +) }
    }

    private func right(_ rows: [SeriesRow]) -> Int { outcomes(rows)[.ok, default: 0] }

    private func kinds(_ evidence: RunEvidence) -> [RunEvent.Kind] { evidence.events.map(\.kind) }

    @Test func `there is a row a second, with what was due and ended in it`() async throws {
        let simulation = try Simulation(["a": .loaded { _ in .init() }])
        let evidence = try await simulation.result(of: Simulation.profile(seconds: 4.5)).evidence
        #expect(evidence.rows.map(\.timeSeconds) == [1, 2, 3, 4, 4.5])
        #expect(evidence.rows.map(\.planned) == [20, 20, 20, 20, 10])
        #expect(evidence.rows.map { right([$0]) } == [20, 20, 20, 20, 10])
        #expect(evidence.rows.allSatisfy { $0.phases.names == ["steady"] })
        #expect(evidence.rows.reduce(0) { $0 + $1.sent } == 90)
        #expect(kinds(evidence) == [.started, .phase, .ended])
    }

    @Test func `an answer belongs to the second in which it came`() async throws {
        // Those of the last 100 ms of a second come in the next.
        let simulation = try Simulation(["a": .loaded { _ in .init(nanoseconds: 110_000_000) }])
        let evidence = try await simulation.result(of: Simulation.profile(seconds: 2.5)).evidence
        #expect(evidence.rows.map(\.planned) == [20, 20, 10])
        #expect(evidence.rows.map { right([$0]) } == [18, 20, 12])
        // With the one that is due in the very moment of the row.
        #expect(evidence.rows.map(\.inFlight) == [3, 3, 0])
    }

    @Test func `a row that comes late has all since the last, and the next is on time again`()
        async throws
    {
        let simulation = try Simulation(["a": .loaded { _ in .init() }])
        let rows = Locked<[SeriesRow]>([])
        let run = try simulation.run(Simulation.profile(seconds: 7.5)) { progress in
            rows.withLock { $0.append(progress.row) }
        }
        let hand = simulation.hand
        let isOver = Locked(false)
        @Sendable func execute() async throws -> SingleRun.Result {
            defer { isOver.withLock { $0 = true } }
            return try await run.execute()
        }
        async let result = execute()
        await hand.turn { rows.withLock { $0.count } == 2 }
        await hand.jump(to: hand.nowNanoseconds + 3_400_000_000)
        await hand.turn { isOver.withLock { $0 } }
        let evidence = try await result.evidence
        #expect(evidence.rows.map(\.timeSeconds) == [1, 2, 5.4, 6, 7, 7.5])
        #expect(evidence.rows.map(\.planned) == [20, 20, 68, 12, 20, 10])
        #expect(outcomes(evidence.rows) == [.ok: 150])
    }

    @Test func `an outage that no later answer can make good ends the run`() async throws {
        let simulation = try Simulation(["a": .loaded { $0 < 3 ? .init() : nil }])
        let profile = Simulation.profile(seconds: 60, objectives: [errorRate(0.02)])
        let evidence = try await simulation.result(of: profile).evidence
        let abort = try #require(evidence.events.first { $0.kind == .aborted })
        // 1.5 times the 2 % of 60 s that may fail.
        #expect(abort.timeSeconds >= 4.7 && abort.timeSeconds < 5)
        #expect(abort.detail.hasPrefix("error rate < 2% abort is broken: for 1.8 s"))
        let last = try #require(evidence.rows.last)
        #expect(last.timeSeconds < 6)
        #expect(!kinds(evidence).contains(.interrupted) && kinds(evidence).last == .ended)
        // What was due after the stop was not planned any more.
        #expect(evidence.rows.reduce(0) { $0 + $1.planned } < 105)
    }

    @Test func `failures now and then end the run once their blocks say enough`() async throws {
        let count = Locked(0)
        let target = SimulatedTarget.loaded { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number % 3 == 0 ? .init(status: 500) : .init()
        }
        let simulation = try Simulation(["a": target])
        let profile = Simulation.profile(rate: 10, seconds: 300, objectives: [errorRate(0.05)])
        let evidence = try await simulation.result(of: profile).evidence
        let abort = try #require(evidence.events.first { $0.kind == .aborted })
        #expect(abort.detail.contains("block by block"))
        // A block is a twentieth of the run.
        #expect(abort.timeSeconds > 15 && abort.timeSeconds < 200)
        #expect(abort.timeSeconds.truncatingRemainder(dividingBy: 15) == 0)
    }

    @Test func `nothing is ended after the end of the load`() async throws {
        // Wrong answers of the last two seconds come in the three behind the load.
        let simulation = try Simulation([
            "a": .loaded { $0 < 2 ? .init() : .init(status: 500, nanoseconds: 2_500_000_000) }
        ])
        var profile = Simulation.profile(rate: 50, seconds: 4, objectives: [errorRate(0.35)])
        let evidence = try await simulation.result(of: profile).evidence
        #expect(right(evidence.rows) == 100)
        let last = try #require(evidence.rows.last)
        #expect(last.timeSeconds > 6)
        #expect(kinds(evidence) == [.started, .phase, .ended])
        // The same failures end a load that goes on.
        profile.load[0].duration = .seconds(8)
        profile.objectives = [errorRate(0.175)]
        let longer = try Simulation([
            "a": .loaded { $0 < 2 ? .init() : .init(status: 500, nanoseconds: 2_500_000_000) }
        ])
        #expect(kinds(try await longer.result(of: profile).evidence).contains(.aborted))
    }

    @Test func `a stop that is asked for ends the load, and nothing later was planned`()
        async throws
    {
        let simulation = try Simulation(["a": .loaded { _ in .init() }])
        let control = RunControl()
        let run = try simulation.run(Simulation.profile(seconds: 60), control: control) {
            if $0.row.timeSeconds >= 3 { control.stop() }
        }
        let result = try await simulation.hand.turn { try await run.execute() }
        #expect(result.isInterrupted)
        #expect(kinds(result.evidence) == [.started, .phase, .interrupted, .ended])
        let rows = result.evidence.rows
        let last = try #require(rows.last)
        #expect(last.timeSeconds <= 3.5)
        let planned = rows.reduce(0) { $0 + $1.planned }
        // The one that was due in the very moment of the stop may have gone out.
        #expect(planned == 60 && (60...61).contains(right(rows)))
    }
}
