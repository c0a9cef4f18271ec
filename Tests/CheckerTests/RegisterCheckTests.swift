import Checker
import Statistics
import Testing

@Suite struct RegisterCheckTests {
    private static let second: UInt64 = 1_000_000_000

    private func put(
        _ value: UInt64, _ time: ClosedRange<UInt64>, _ outcome: Operation.Outcome = .ok
    ) -> Operation { Operation(.put, key: 0, value: value, outcome: outcome, at: time) }

    private func get(_ value: UInt64, _ time: ClosedRange<UInt64>) -> Operation {
        Operation(.get, key: 0, value: value, at: time)
    }

    private func delete(
        _ time: ClosedRange<UInt64>, _ outcome: Operation.Outcome = .ok
    ) -> Operation { Operation(.delete, key: 0, outcome: outcome, at: time) }

    private func only(_ history: [Operation]) -> (Anomaly, Finding)? {
        let findings = CheckResult(of: history.reversed()).findings
        return findings.count == 1 ? findings.first.map { ($0.key, $0.value) } : nil
    }

    @Test func `a write that the last read does not have is lost`() throws {
        let history = [put(1, 0...1), put(2, 2...3), get(2, 4...5), get(1, 6...7), get(1, 8...9)]
        let (anomaly, finding) = try #require(only(history))
        #expect(anomaly == .lost && finding.count == 1)
        #expect(finding.witness == [history[0], history[1], history[4]])
    }

    @Test func `a key that never had its acknowledged write has lost it`() throws {
        let (anomaly, finding) = try #require(only([put(1, 0...1), get(0, 2...3)]))
        #expect(anomaly == .lost && finding.witness == [put(1, 0...1), get(0, 2...3)])
    }

    @Test func `an old value before the new one is read is stale, each time`() throws {
        let history = [put(1, 0...1), put(2, 2...3), get(1, 4...5), get(1, 6...7), get(2, 8...9)]
        let (anomaly, finding) = try #require(only(history))
        #expect(anomaly == .stale && finding.count == 2)
    }

    @Test func `what nobody read is lost if an old value is read for long enough`() throws {
        let late = 2 * Self.second
        let history = [
            put(1, 0...1), put(2, 2...3), get(1, late...late + 1), put(3, late + 2...late + 3),
            get(3, late + 4...late + 5),
        ]
        let (anomaly, _) = try #require(only(history))
        #expect(anomaly == .lost)
    }

    @Test func `a value after the deletion was seen is resurrected`() throws {
        let history = [
            put(1, 0...1), delete(2...3), get(0, 4...5), get(1, 6...7), get(0, 8...9),
        ]
        let (anomaly, finding) = try #require(only(history))
        #expect(anomaly == .resurrected && finding.count == 1)
        #expect(finding.witness == [history[0], history[1], history[3]])
    }

    @Test func `a value that was put while its key was deleted is resurrected, too`() throws {
        let history = [delete(0...3), put(1, 1...5), get(0, 6...7), get(1, 8...9)]
        #expect(try #require(only(history)).0 == .resurrected)
    }

    @Test func `a deleted key that is empty later was read from a stale place`() throws {
        let history = [put(1, 0...1), delete(2...3), get(1, 4...5), get(0, 6...7)]
        #expect(try #require(only(history)).0 == .stale)
    }

    @Test func `a value that was refused was executed, and one of nobody was invented`() throws {
        let refused = [put(1, 0...1, .failed), get(1, 2...3)]
        #expect(try #require(only(refused)).0 == .executedAfterRefusal)
        #expect(try #require(only([get(1, 2...3)])).0 == .invented)
        #expect(try #require(only([get(1, 2...3), put(1, 4...5)])).0 == .invented)
    }

    @Test func `a deletion that was refused was executed`() throws {
        let history = [put(1, 0...1), get(1, 1...2), delete(2...3, .failed), get(0, 4...5)]
        let (anomaly, finding) = try #require(only(history))
        #expect(anomaly == .executedAfterRefusal)
        #expect(finding.witness == Array(history.dropFirst()))
    }

    @Test func `what may have happened may be seen or not, but not seen and gone`() throws {
        #expect(
            CheckResult(of: [put(1, 0...1), put(2, 2...3, .maybe), get(1, 9...9)]).findings.isEmpty)
        #expect(
            CheckResult(of: [put(1, 0...1), put(2, 2...3, .maybe), get(2, 9...9)]).findings.isEmpty)
        let history = [
            put(1, 0...1), put(2, 2...3, .maybe), get(2, 4...5), get(1, 6...7),
        ]
        #expect(try #require(only(history)).0 == .lost)
    }

    @Test func `keys are judged by themselves`() {
        var history: [Operation] = []
        for key in 0..<1_000 as Range<UInt32> {
            history.append(Operation(.put, key: key, value: 1, at: 0...1))
            history.append(Operation(.put, key: key, value: 2, at: 2...3))
            let value: UInt64 = key % 100 == 0 ? 1 : 2
            history.append(Operation(.get, key: key, value: value, at: 4...5))
        }
        let result = CheckResult(of: history)
        #expect(result.findings.keys.first == .lost && result.findings[.lost]?.count == 10)
        #expect(result.acknowledgedWrites == 2_000 && result.reads == 1_000)
    }

    @Test func `too little evidence is INVALID, unless it shows something wrong`() {
        let one = [put(1, 0...1), get(1, 2...3)]
        #expect(CheckResult(of: one).verdict() == .invalid)
        let enough = RequiredEvidence(minimumWrites: 1, minimumReads: 1)
        #expect(CheckResult(of: one).verdict(enough) == .pass)
        let unread = CheckResult(of: one + [put(2, 4...5)])
        #expect(unread.verdict(enough) == .invalid && unread.unread == 1)
        let twice = CheckResult(of: one + [put(1, 4...5), get(1, 6...7)])
        #expect(twice.verdict(enough) == .invalid && twice.unjudged == 1)
        #expect(CheckResult(of: [get(5, 0...1)]).verdict() == .fail)
    }
}
