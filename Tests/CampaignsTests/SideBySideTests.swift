import EventLoops
import Measurements
import Profiles
import Targets
import Testing
import Verdicts

@testable import Campaigns

@Suite(.timeLimit(.minutes(20))) struct SideBySideTests {
    /// A comparison of the targets `a` and `b` in simulated time.
    private func compare(
        _ targets: [String: SimulatedTarget], maximumSeconds: Double = 3600,
        seed: UInt64 = 42, observe: @escaping @Sendable (SideBySide.Progress) -> Void = { _ in }
    ) async throws -> SideBySide.Result {
        let simulation = try Simulation(targets)
        var profile = Simulation.profile(rate: 50, seconds: 10)
        profile.seed = seed
        let campaign = SideBySide(
            profile: profile, contract: try Simulation.contract.get(),
            options: SideBySide.Options(
                baseline: .url("http://a:1"), candidate: .url("http://b:1"),
                rule: ComparisonRule(), roundSeconds: 10, maximumSeconds: maximumSeconds,
                run: simulation.options),
            control: RunControl(), observe: observe)
        return try await simulation.hand.turn { try await campaign.execute() }
    }

    /// A target whose latencies are spread between 2 and 3 ms, times `factor`.
    private func target(_ factor: Double = 1) -> SimulatedTarget {
        SimulatedTarget { request in
            guard !request.isControl else { return .init(nanoseconds: 0) }
            let share = Double(request.number % 97) / 97
            return .init(nanoseconds: UInt64((2 + share) * 1e6 * factor))
        }
    }

    @Test func `two targets alike are the same, and the first look that decides is the last`()
        async throws
    {
        let rounds = Locked<[Int]>([])
        let result = try await compare(["a": target(), "b": target()]) { progress in
            rounds.withLock { $0.append(progress.rounds) }
        }
        let comparison = result.record.comparison
        #expect(comparison.word == .same)
        let last = try #require(comparison.looks.last)
        #expect([7, 10, 14, 20].contains(last) && comparison.rounds == last)
        #expect(rounds.withLock { $0 } == Array(1...last))
        #expect(comparison.notes.contains("decided after \(last) rounds."))
        #expect(result.record.baseline.count == last && result.record.candidate.count == last)
        // Both had the same requests, and each round others.
        #expect(result.record.baseline.map(\.requests) == result.record.candidate.map(\.requests))
        #expect(!result.isInterrupted)
    }

    @Test func `a candidate that is twice as slow has regressed, and soon`()
        async throws
    {
        let result = try await compare(["a": target(), "b": target(2)])
        #expect(result.record.comparison.word == .regressed)
        #expect(result.record.comparison.rounds <= 10)
    }

    @Test func `rounds end where the next look would come too late`() async throws {
        // Seven rounds of twice 10 s need 140 s.
        let result = try await compare(["a": target(), "b": target()], maximumSeconds: 100)
        let comparison = result.record.comparison
        #expect(comparison.rounds == 1 && comparison.word == .inconclusive)
        #expect(comparison.notes.contains { $0.hasPrefix("the look at 7 rounds would have come") })
        let seconds = try #require(result.record.seconds)
        #expect(seconds > 20 && seconds < 21)
    }

    @Test func `a round whose run proves nothing is repeated`() async throws {
        // The candidate's second run is answered at first contact, and then by nothing.
        let candidate = SimulatedTarget { request in
            guard !request.isControl else { return .init(nanoseconds: 0) }
            return request.lanes == 4 ? .init(outcome: .reset, text: "reset") : .init()
        }
        let result = try await compare(["a": target(), "b": candidate])
        let repeats = result.record.comparison.notes.filter { $0.contains("repeated") }
        #expect(repeats.count == 1 && repeats[0].hasPrefix("round 2 was repeated: "))
        #expect(result.record.candidate.flatMap(\.problems) == [])
    }

    @Test func `rounds that go on proving nothing are repeated five times in all`() async throws {
        let lost = SimulatedTarget { request in
            request.isControl ? .init(nanoseconds: 0) : .init(outcome: .reset, text: "reset")
        }
        let result = try await compare(["a": target(), "b": lost])
        let comparison = result.record.comparison
        #expect(comparison.word == .invalid && comparison.rounds == 1)
        #expect(comparison.notes.filter { $0.contains("repeated") }.count == 5)
        #expect(comparison.notes.contains("the runs prove nothing."))
    }

    @Test(arguments: [42, 43])
    func `the order within a round turns from one to the next`(seed: UInt64) async throws {
        let order = Locked<[String]>([])
        @Sendable func noted(_ name: String) -> SimulatedTarget {
            SimulatedTarget { request in
                guard !request.isControl else { return .init(nanoseconds: 0) }
                order.withLock { if $0.last != name { $0.append(name) } }
                return .init()
            }
        }
        let result = try await compare(
            ["a": noted("a"), "b": noted("b")], maximumSeconds: 150, seed: seed)
        // A B, B A, A B: two runs of one target follow each other.
        let rounds = result.record.comparison.rounds
        #expect(order.withLock { $0.count } == rounds + 1)
        #expect(order.withLock { $0[0] != $0[1] })
    }
}
