import Measurements
import Testing

@testable import Campaigns

@Suite struct SystemEventsTests {
    /// 2026-03-01T09:30:00Z.
    private static let started = 1_772_357_400.0

    @Test func `lines with a time and an event are events, in the order of their times`() {
        let text = """
            moonbase listens on http://127.0.0.1:4343
            {"timestamp":"2026-03-01T09:30:02.250Z","level":"warn","event":"worker restarted"}
            {"timestamp":"2026-03-01T09:30:02.125Z","event":"worker died","message":"signal 9"}
            {"timestamp":"2026-03-01T09:30:07Z","event":"breaker open"}
            {"timestamp":"2026-03-01T09:29:59.999Z","event":"before the load"}
            {"timestamp":"2026-03-01T09:30:03.000Z","message":"no event"}
            {"timestamp":"yesterday","event":"no time"}
            {"event":
            """
        let events = SystemEvents.events(text, started: Self.started)
        #expect(
            events.map(\.detail) == ["worker died: signal 9", "worker restarted", "breaker open"])
        #expect(events.allSatisfy { $0.kind == .system })
        for (event, time) in zip(events, [2.125, 2.25, 7]) {
            #expect(abs(event.timeSeconds - time) < 0.0005)
        }
    }

    @Test func `a target without a log has said nothing`() {
        #expect(SystemEvents.read("/nonexistent/target.log", started: 0).isEmpty)
    }
}
