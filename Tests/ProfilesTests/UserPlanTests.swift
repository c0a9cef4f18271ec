import Testing

@testable import Profiles

@Suite struct UserPlanTests {
    private func plans(_ model: any LoadModel, shards: Int) -> [any UserPlan] {
        (0..<shards).compactMap { index in
            model.users(of: LoadShare(index: index, count: shards), over: .seconds(10))
        }
    }

    @Test(
        arguments: [
            (ConstantUsers(10), 10), (AsFastAsPossible(users: 7), 7),
            (RampingUsers(from: 1, to: 9), 9), (RampingUsers(from: 9, to: 0), 9),
            (PerUserIterations(users: 5, iterations: 2), 5),
            (SharedIterations(users: 5, iterations: 100), 5),
        ] as [(any LoadModel, Int)])
    func `the users of all shards are the users of the phase`(model: any LoadModel, users: Int) {
        for shards in 1...4 {
            #expect(plans(model, shards: shards).reduce(0) { $0 + $1.userCount } == users)
        }
    }

    @Test func `the open models have no users`() {
        #expect(
            plans(ConstantArrivalRate(Rate(perSecond: 1), .constant), shards: 1).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4])
    func `shared iterations are all done, and no more, whatever the shards`(shards: Int) {
        let plans = plans(SharedIterations(users: 5, iterations: 101), shards: shards)
        var done = 0
        for plan in plans where plan.userCount > 0 {
            while plan.begins(0, completed: done, elapsed: 0) { done += 1 }
        }
        #expect(done == 101)
    }

    @Test func `each user does its own iterations`() throws {
        let plan = try #require(
            plans(PerUserIterations(users: 2, iterations: 3), shards: 1).first)
        #expect(plan.begins(1, completed: 2, elapsed: 0))
        #expect(!plan.begins(1, completed: 3, elapsed: 0))
    }

    @Test(arguments: [(1, 9), (0, 100), (9, 1), (100, 0), (4, 4)])
    func `ramping users are as many as the ramp says at any time`(from: Int, to: Int) {
        for shards in [1, 3] {
            let plans = plans(RampingUsers(from: from, to: to), shards: shards)
            for step in 1..<20 {
                let elapsed = UInt64(step) * 500_000_000
                let active = plans.reduce(0) { sum, plan in
                    sum
                        + (0..<plan.userCount).count { user in
                            plan.begin(of: user) <= elapsed
                                && plan.begins(user, completed: 0, elapsed: elapsed)
                        }
                }
                let wanted = Double(from) + Double(to - from) * Double(step) / 20
                #expect(abs(Double(active) - wanted) <= 0.5 + 1e-9, "\(step): \(active)")
            }
        }
    }

    @Test func `only as fast as possible leaves out think time and pacing`() {
        #expect(plans(AsFastAsPossible(users: 1), shards: 1).allSatisfy { $0.ignoresDelays })
        #expect(!plans(ConstantUsers(1), shards: 1).contains { $0.ignoresDelays })
    }
}
