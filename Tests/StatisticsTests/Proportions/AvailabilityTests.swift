import Testing

@testable import Statistics

@Suite struct AvailabilityTests {
    @Test func `five nines are 5.26 minutes a year, four are 52.56`() {
        let year = Availability.secondsOfYear
        #expect(abs(Availability(0.99999).downtime(in: year) / 60 - 5.256) < 1e-6)
        #expect(abs(Availability(0.9999).downtime(in: year) / 60 - 52.56) < 1e-6)
    }

    @Test func `more parts in series are worse, more in parallel better`() {
        var random = SeededRandom(seed: 81)
        for _ in 0..<100 {
            let parts = (0..<4).map { _ in Availability(random.nextUnit()) }
            let fewer = Array(parts.prefix(3))
            #expect(Availability.series(parts).share <= Availability.series(fewer).share)
            #expect(Availability.parallel(parts).share >= Availability.parallel(fewer).share)
        }
    }

    @Test func `all of n are a series, one of n parallel`() {
        let each = Availability(0.97)
        let parts = [Availability](repeating: each, count: 5)
        #expect(
            abs(Availability.of(5, among: 5, each: each).share - Availability.series(parts).share)
                < 1e-14)
        #expect(
            abs(Availability.of(1, among: 5, each: each).share - Availability.parallel(parts).share)
                < 1e-14)
        let common = Availability.of(1, among: 2, each: Availability(0.99), commonCause: 0.1)
        #expect(common.share < 0.9990 + 1e-4 && common.share > 0.9988)
    }

    @Test func `as many faults as allowed use the budget up exactly`() throws {
        let objective = Availability(0.99999)
        let most = try #require(objective.maximumFaultsPerYear(recoverySeconds: 30))
        #expect(abs(most - 10.512) < 1e-3)
        let fault = Availability.Fault(perYear: most, recoverySeconds: 30)
        #expect(abs(Availability.withFaults([fault]).share - 0.99999) < 1e-15)
        #expect(objective.maximumFaultsPerYear(recoverySeconds: 0) == nil)
    }

    @Test func `a burn rate of one uses the budget up at the end of its period`() {
        let page = BurnRate.threshold(budgetShare: 0.02, periodHours: 720, windowHours: 1)
        #expect(abs(page - 14.4) < 1e-12)
        #expect(BurnRate.hoursToExhaust(rate: 1, periodHours: 720) == 720)
        let burn = BurnRate(objective: 0.99999)
        #expect(abs(burn.rate(errorShare: 1e-5) - 1) < 1e-9)
        #expect(burn.isAlertable(requests: 69_445, threshold: 14.4))
        #expect(!burn.isAlertable(requests: 69_443, threshold: 14.4))
        #expect(burn.isProven(Proportion(20, of: 100_000)))
        #expect(!burn.isProven(Proportion(1, of: 100_000)))
    }
}
