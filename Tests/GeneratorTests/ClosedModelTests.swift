import Profiles
import Testing

@testable import Generator

@Suite struct ClosedModelTests {
    private func models(_ model: LoadModel, shards: Int) -> [any ClosedModel] {
        let phase = Phase(name: "p", model: model, duration: .seconds(10))
        return (0..<shards).compactMap { index in
            Shard.Share(index: index, count: shards).closedModel(of: phase)
        }
    }

    @Test(arguments: [
        (LoadModel.constantUsers(10), 10), (.asFastAsPossible(users: 7), 7),
        (.rampingUsers(from: 1, to: 9), 9), (.rampingUsers(from: 9, to: 0), 9),
        (.perUserIterations(users: 5, iterations: 2), 5),
        (.sharedIterations(users: 5, iterations: 100), 5),
    ])
    func `the users of all shards are the users of the phase`(model: LoadModel, users: Int) {
        for shards in 1...4 {
            #expect(models(model, shards: shards).reduce(0) { $0 + $1.userCount } == users)
        }
    }

    @Test func `the open models have no users`() {
        #expect(
            models(.constantArrivalRate(Rate(perSecond: 1), .constant), shards: 1).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4])
    func `shared iterations are all done, and no more, whatever the shards`(shards: Int) {
        let models = models(.sharedIterations(users: 5, iterations: 101), shards: shards)
        var done = 0
        for model in models where model.userCount > 0 {
            while model.begins(0, completed: done, elapsed: 0) { done += 1 }
        }
        #expect(done == 101)
    }

    @Test func `each user does its own iterations`() throws {
        let model = try #require(
            models(.perUserIterations(users: 2, iterations: 3), shards: 1).first)
        #expect(model.begins(1, completed: 2, elapsed: 0))
        #expect(!model.begins(1, completed: 3, elapsed: 0))
    }

    @Test(arguments: [(1, 9), (0, 100), (9, 1), (100, 0), (4, 4)])
    func `ramping users are as many as the ramp says at any time`(from: Int, to: Int) {
        for shards in [1, 3] {
            let models = models(.rampingUsers(from: from, to: to), shards: shards)
            for step in 1..<20 {
                let elapsed = UInt64(step) * 500_000_000
                let active = models.reduce(0) { sum, model in
                    sum
                        + (0..<model.userCount).count { user in
                            model.begin(of: user) <= elapsed
                                && model.begins(user, completed: 0, elapsed: elapsed)
                        }
                }
                let wanted = Double(from) + Double(to - from) * Double(step) / 20
                #expect(abs(Double(active) - wanted) <= 0.5 + 1e-9, "\(step): \(active)")
            }
        }
    }

    @Test func `only as fast as possible leaves out think time and pacing`() {
        #expect(models(.asFastAsPossible(users: 1), shards: 1).allSatisfy { $0.ignoresDelays })
        #expect(!models(.constantUsers(1), shards: 1).contains { $0.ignoresDelays })
    }
}
