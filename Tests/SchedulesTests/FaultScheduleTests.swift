import Profiles
import Testing

@testable import Schedules

@Suite struct FaultScheduleTests {
    private func profile(seed: UInt64 = 7, _ faults: PlannedFault...) -> Profile {
        let rate = Rate(perSecond: 10)
        var profile = Profile(
            name: "test",
            load: ["one", "two"].map {
                Phase(name: $0, model: ConstantArrivalRate(rate, .constant), duration: .seconds(60))
            }, scenarios: [])
        profile.seed = seed
        profile.faults = faults
        return profile
    }

    private func fault(_ change: (inout PlannedFault) -> Void) -> PlannedFault {
        var fault = PlannedFault(kind: "hang", victim: .target)
        fault.length = .seconds(5)
        change(&fault)
        return fault
    }

    private func seconds(_ schedule: FaultSchedule) -> [Double] {
        schedule.strikes.map { Double($0.start) / 1e9 }
    }

    @Test func `a fault strikes at its time, or after a phase`() {
        let schedule = FaultSchedule(
            profile(
                fault {
                    $0.phase = "one"
                    $0.start = .seconds(3)
                }, fault { $0.start = .seconds(20) }))
        #expect(seconds(schedule) == [20, 63])
        #expect(schedule.strikes.map(\.fault) == [1, 0])
        #expect(schedule.strikes.map { ($0.end - $0.start) / 1_000_000_000 } == [5, 5])
    }

    @Test func `every repeats it until the load ends, or so many times as there are trials`() {
        let repeated = fault {
            $0.start = .seconds(10)
            $0.period = .seconds(30)
        }
        #expect(seconds(FaultSchedule(profile(repeated))) == [10, 40, 70, 100])
        var counted = repeated
        counted.trials = 2
        #expect(seconds(FaultSchedule(profile(counted))) == [10, 40])
        counted.trials = 9
        let long = FaultSchedule(profile(counted))
        #expect(long.strikes.count == 4 && long.leftOut == 5)
        #expect(FaultSchedule(profile(repeated)).leftOut == 0)
    }

    @Test func `a random share of each start comes from the seed, and from nothing else`() {
        let spread = fault {
            $0.period = .seconds(10)
            $0.trials = 10
            $0.spread = .seconds(4)
        }
        let schedule = FaultSchedule(profile(spread))
        for (trial, second) in seconds(schedule).enumerated() {
            #expect((Double(trial) * 10..<Double(trial) * 10 + 4).contains(second))
        }
        #expect(Set(seconds(schedule).map { $0.truncatingRemainder(dividingBy: 10) }).count == 10)
        #expect(FaultSchedule(profile(spread)) == schedule)
        #expect(FaultSchedule(profile(seed: 8, spread)) != schedule)
        let more = FaultSchedule(profile(spread, fault { $0.start = .seconds(1) }))
        #expect(more.strikes.filter { $0.fault == 0 } == schedule.strikes)
    }

    @Test func `strikes that change nothing lie anywhere among the others`() {
        let mixed = fault {
            $0.period = .seconds(6)
            $0.length = .seconds(1)
            $0.trials = 12
            $0.shams = 5
        }
        var found: Set<[Int]> = []
        for seed in 1...20 as ClosedRange<UInt64> {
            let schedule = FaultSchedule(profile(seed: seed, mixed))
            #expect(schedule.strikes.count == 17 && schedule.leftOut == 0)
            #expect(schedule.strikes.count(where: \.isSham) == 5)
            #expect(schedule == FaultSchedule(profile(seed: seed, mixed)))
            found.insert(schedule.strikes.filter(\.isSham).map(\.trial))
        }
        #expect(found.count > 15)
        #expect(Set(found.flatMap(\.self)).count == 17)
    }
}
