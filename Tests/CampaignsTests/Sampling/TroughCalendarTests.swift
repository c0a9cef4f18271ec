import Profiles
import Testing

@testable import Campaigns

@Suite struct TroughCalendarTests {
    private func profile(idle: Duration) -> Profile {
        var phase = Phase(
            name: "soak", model: ConstantArrivalRate(Rate(perSecond: 9), .constant),
            duration: .seconds(7))
        phase.rounds = Rounds(load: .seconds(2) - idle, idle: idle)
        let plain = Phase(
            name: "warm up", model: ConstantArrivalRate(Rate(perSecond: 9), .constant),
            duration: .seconds(1), isJudged: false)
        return Profile(
            name: "t", target: .embedded, load: [plain, phase],
            scenarios: [Scenario(name: "health", steps: [Step(operation: "ping")])],
            objectives: [])
    }

    @Test func `a trough is read shortly before the end of every whole round`() {
        var calendar = TroughCalendar(profile(idle: .milliseconds(500)))
        #expect(calendar.nextTime == 2_800_000_000)
        #expect(calendar.take(at: 2_799_999_999) == nil)
        let found = (0..<4).map { _ in calendar.take(at: .max) }
        let entries = [2_800_000_000, 4_800_000_000, 6_800_000_000].enumerated().map {
            TroughCalendar.Entry(time: $1, phase: 1, round: $0 + 1)
        }
        #expect(found == entries + [nil])
        #expect(calendar.nextTime == nil)
    }

    @Test func `a short idle moment is given time to drain all the same`() {
        #expect(TroughCalendar(profile(idle: .milliseconds(200))).nextTime == 2_920_000_000)
    }
}
