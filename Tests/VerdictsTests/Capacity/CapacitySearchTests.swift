import Statistics
import Testing

@testable import Verdicts

@Suite struct CapacitySearchTests {
    /// Searches with a target that holds exactly up to `truth`; every step it took.
    private func search(
        truth: Double, first: Double = 50, most: Double = 100_000,
        outcome: (CapacitySearch.Step) -> CapacitySearch.Outcome? = { _ in nil }
    ) -> (CapacitySearch, [CapacitySearch.Step]) {
        var search = CapacitySearch(first: first, most: most, confidence: 0.95)
        var steps: [CapacitySearch.Step] = []
        while let step = search.next, steps.count < 100 {
            steps.append(step)
            search.observe(outcome(step) ?? (step.rate <= truth ? .pass : .fail))
        }
        return (search, steps)
    }

    @Test(arguments: [1.0, 49.9, 50, 123, 500, 999, 31_416], [10.0, 50, 700])
    func `the truth is between the confirmed rate and the lowest that failed`(
        truth: Double, first: Double
    ) throws {
        let (search, steps) = search(truth: truth, first: first)
        let confirmed = try #require(search.confirmed)
        let high = try #require(search.high)
        #expect(confirmed <= truth && truth < high)
        #expect(try #require(search.width) <= 0.1)
        #expect(search.highOutcome == .fail)
        #expect(steps.count <= 50)
        let confirm = steps.filter { $0.stage == .confirm }
        #expect(confirm.count == 1 && confirm[0].confidence == 0.975)
        #expect(steps.filter { $0.stage != .confirm }.allSatisfy { $0.confidence == 0.8 })
        #expect(steps.last?.stage == .refute && steps.last?.rate == high)
    }

    @Test func `the rate doubles until a step fails, and halves where the first does`() {
        let rise = search(truth: 500).1.filter { $0.stage == .rise }.map(\.rate)
        #expect(rise == [50, 100, 200, 400, 800, 800])
        let fall = search(truth: 10).1.filter { $0.stage == .rise }.map(\.rate)
        #expect(fall == [50, 50, 25, 25, 12.5, 12.5, 6.25])
    }

    @Test func `a step that is not decided takes twice as long, then four times, then is no pass`()
    {
        let (search, steps) = search(truth: 90) { $0.rate > 90 ? .undecided : nil }
        #expect(steps.prefix(4).map(\.rate) == [50, 100, 100, 100])
        #expect(steps.prefix(4).map(\.length) == [1, 1, 2, 4])
        #expect(search.highOutcome == .undecided)
    }

    @Test func `a step that the generator did not bring is taken once more`() {
        var isFirst = true
        let (search, steps) = search(truth: 500) { step in
            guard step.rate == 200, isFirst else { return nil }
            isFirst = false
            return .void
        }
        #expect(steps.map(\.rate).prefix(5) == [50, 100, 200, 200, 400])
        #expect(search.confirmed != nil)
        let limited = self.search(truth: 500) { $0.rate > 300 ? .void : nil }.0
        #expect(limited.highOutcome == .void && (limited.confirmed ?? 0) <= 300)
    }

    @Test func `where nothing holds, or nothing is too high, the search ends and says so`() {
        let none = search(truth: 0)
        #expect(none.0.confirmed == nil && none.1.count <= 24)
        let all = search(truth: .infinity, most: 1_000)
        #expect(all.0.high == nil && all.0.confirmed == 970)
        #expect(all.1.map(\.rate).max() == 1_000)
    }

    @Test(arguments: [1, 2])
    func `a rate that failed by a disturbance is found out, and the search goes on`(times: Int) {
        // Everything above 70/s fails until the search has confirmed something, so many times.
        var disturbances = times
        var isDisturbed = true
        let (search, _) = search(truth: 500) { step in
            if step.stage == .refute, isDisturbed {
                disturbances -= 1
                isDisturbed = disturbances > 0
                return .pass
            }
            return isDisturbed && step.rate > 70 * Double(times - disturbances + 1)
                ? .fail : nil
        }
        #expect((search.confirmed ?? 0) <= 500 && (search.confirmed ?? 0) > 450)
        #expect((search.high ?? 0) > 500)
    }

    @Test func `a rate that was confirmed and below which others fail is no claim`() {
        var hasResumed = false
        let search = search(truth: 100) { step in
            if step.stage == .refute, !hasResumed {
                hasResumed = true
                return .pass
            }
            return hasResumed && step.stage == .confirm ? .fail : nil
        }.0
        #expect(search.confirmed == nil && search.next == nil)
    }

    @Test func `a rate whose claim fails twice is stepped down, three times at a shared level`() {
        let (search, steps) = search(truth: 500) { $0.stage == .confirm ? .fail : nil }
        let confirms = steps.filter { $0.stage == .confirm }
        #expect(search.confirmed == nil && confirms.count == 6)
        #expect(confirms.prefix(4).map(\.confidence) == [0.975, 0.9875, 0.99375, 0.996875])
        #expect(confirms[1].rate == confirms[0].rate)
        #expect(abs(confirms[2].rate / confirms[1].rate - 0.95) < 1e-12)
    }

    @Test func `a claim that fails once, by a pause of the machine, is made again`() throws {
        var hasFailed = false
        let (search, steps) = search(truth: 500) { step in
            guard step.stage == .confirm, !hasFailed else { return nil }
            hasFailed = true
            return .fail
        }
        let confirms = steps.filter { $0.stage == .confirm }
        #expect(confirms.map(\.confidence) == [0.975, 0.9875])
        #expect(confirms[0].rate == confirms[1].rate && search.confirmed == confirms[1].rate)
        #expect(try #require(search.high) > 500)
    }

    @Test func `a claim that is tried longer may err no more than one that is not`() throws {
        var search = CapacitySearch(first: 100, most: 100, confidence: 0.95)
        search.observe(.pass)
        var confidences: [Double] = []
        for outcome in [.undecided, .void, .undecided, .fail] as [CapacitySearch.Outcome] {
            let step = try #require(search.next)
            #expect(step.stage == .confirm)
            confidences.append(step.confidence)
            search.observe(outcome)
        }
        #expect(confidences == [0.975, 0.9875, 0.9875, 0.99375])
    }
}
