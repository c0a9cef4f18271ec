import Testing

@testable import Profiles
@testable import Schedules

@Suite struct RoundsTests {
    private func due(_ arrivals: Arrivals, seconds: Double = 7) -> [Double] {
        var phase = Phase(
            name: "p", model: ConstantArrivalRate(Rate(perSecond: 100), arrivals),
            duration: .seconds(seconds))
        phase.rounds = Rounds(load: .milliseconds(1500), idle: .milliseconds(500))
        return Schedule(LoadModelTests.profile([phase])).map { Double($0.dueNanoseconds) / 1e9 }
    }

    @Test func `each round has its arrivals evenly, and none in its idle moment`() {
        let times = due(.constant)
        // Three whole rounds in 7 s; the rest stays idle.
        #expect(times.count == 450)
        for (index, time) in times.enumerated() {
            let expected = Double(index / 150) * 2 + Double(index % 150) / 100
            #expect(abs(time - expected) < 0.0101, "arrival \(index) at \(time) s")
        }
        #expect(times.allSatisfy { $0.truncatingRemainder(dividingBy: 2) <= 1.5 })
    }

    /// Rates and lengths whose product is not exact in binary.
    @Test(arguments: [(70.0, 100), (1.1, 2000), (0.7, 1000), (33.3, 300)])
    func `the first arrival of a round comes with it`(rate: Double, load: Int) {
        var phase = Phase(
            name: "p", model: ConstantArrivalRate(Rate(perSecond: rate), .constant),
            duration: .seconds(60))
        phase.rounds = Rounds(load: .milliseconds(load), idle: .milliseconds(100))
        let length = Double(load + 100) / 1000
        let times = Schedule(LoadModelTests.profile([phase])).map {
            Double($0.dueNanoseconds) / 1e9
        }
        #expect(!times.isEmpty)
        for time in times {
            let within = time.truncatingRemainder(dividingBy: length)
            #expect(within < Double(load) / 1000 - 1e-6 || within > length - 1e-6, "\(time) s")
        }
    }

    @Test func `Poisson arrivals keep to the rounds, too`() {
        let times = due(.poisson, seconds: 200)
        #expect(times.allSatisfy { $0.truncatingRemainder(dividingBy: 2) <= 1.500_001 })
        // 15,000 are expected, with a standard deviation of 122.
        #expect((14_400...15_600).contains(times.count), "\(times.count)")
    }
}
