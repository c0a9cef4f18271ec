import EventLoops
import Measurements
import Profiles
import Targets
import Testing
import Verdicts

@testable import Campaigns

@Suite(.timeLimit(.minutes(20))) struct CapacityCampaignTests {
    private let objective = Objective(
        claim: QuantileClaim(partsPerMillion: 950_000, thresholdNanoseconds: 200_000_000))

    /// A target with one server, which takes 20 ms for each request: 50 a second, and no more.
    ///
    /// - Parameter backlog: gets how long each request waits, in seconds, with its run's number.
    private func server(
        _ backlog: Locked<[(run: Int, seconds: Double)]> = Locked([])
    ) -> SimulatedTarget {
        let free = Locked<UInt64>(0)
        return SimulatedTarget { request in
            guard !request.isControl else { return .init(nanoseconds: 0) }
            let done = free.withLock { free in
                free = max(free, request.time) + 20_000_000
                return free
            }
            backlog.withLock {
                $0.append((request.lanes, Double(done - request.time) / 1e9))
            }
            return .init(nanoseconds: done - request.time)
        }
    }

    private func search(
        _ target: SimulatedTarget, objectives: [Objective], first: Double = 10,
        maximumSeconds: Double = 7200,
        observe: @escaping @Sendable (CapacityStep) -> Void = { _ in }
    ) async throws -> CapacityCampaign.Result {
        let simulation = try Simulation(["a": target])
        let campaign = CapacityCampaign(
            profile: Simulation.profile(seconds: 10, objectives: objectives),
            contract: try Simulation.contract.get(),
            options: CapacityCampaign.Options(
                target: .url("http://a:1"), first: first, most: 1000,
                maximumSeconds: maximumSeconds, confirmSeconds: 20, run: simulation.options),
            control: RunControl(), observe: observe)
        return try await simulation.hand.turn { try await campaign.execute() }
    }

    @Test func `the rate that one server can keep is found and confirmed`() async throws {
        let steps = Locked<[CapacityStep]>([])
        let result = try await search(server(), objectives: [objective]) { step in
            steps.withLock { $0.append(step) }
        }
        let capacity = result.capacity
        #expect(capacity.word == .pass && capacity.bound == .target)
        let confirmed = try #require(capacity.confirmedRate)
        #expect(confirmed > 35 && confirmed <= 52)
        #expect(steps.withLock { $0.map(\.rate) } == capacity.steps.map(\.rate))
        #expect(capacity.steps.prefix(4).map(\.rate) == [10, 20, 40, 80])
        #expect(capacity.steps.prefix(4).map(\.outcome) == [.pass, .pass, .pass, .fail])
        #expect(capacity.steps.last?.stage == .confirm || capacity.steps.last?.stage == .refute)
        #expect(!result.isInterrupted)
    }

    @Test func `a step begins when the queue that the last one left is gone`() async throws {
        let backlog = Locked<[(run: Int, seconds: Double)]>([])
        let result = try await search(server(backlog), objectives: [objective], first: 80)
        #expect(result.capacity.steps.first?.outcome == .fail)
        #expect(result.capacity.confirmedRate != nil)
        let runs = Dictionary(grouping: backlog.withLock { $0 }, by: \.run)
        // The few requests of a cool-down are no step.
        let steps = runs.filter { $0.value.count > 20 }.sorted { $0.key < $1.key }.map(\.value)
        #expect(steps.count == result.capacity.steps.count)
        let left = try #require(steps.first?.last)
        #expect(left.seconds > 1)
        #expect(steps.allSatisfy { ($0.first?.seconds ?? 0) < 0.2 })
    }

    @Test func `no step begins after the time is over, and that is said`() async throws {
        let result = try await search(server(), objectives: [objective], maximumSeconds: 15)
        #expect(result.capacity.steps.count < 3 && result.capacity.word == .inconclusive)
        #expect(
            result.capacity.notes.contains(
                "the search was not over after 15.0 s, which --max-duration allows."))
    }

    @Test func `capacity without an objective is refused`() async throws {
        await #expect(throws: CampaignError.self) {
            _ = try await search(server(), objectives: [])
        }
    }

    @Test func `a target that is lost between two steps ends the search with the reason`()
        async throws
    {
        let steps = Locked(0)
        let target = SimulatedTarget { request in
            if request.isControl, steps.withLock({ $0 }) >= 2 {
                return .init(outcome: .refused, text: "nobody listens")
            }
            return .init()
        }
        let error = await #expect(throws: CampaignError.self) {
            _ = try await search(target, objectives: [objective]) { _ in
                steps.withLock { $0 += 1 }
            }
        }
        let text = try #require(error).description
        #expect(text.contains("at 40") && text.contains("nobody listens"))
    }
}
