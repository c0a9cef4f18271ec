import Checker
import Statistics
import Testing

@Suite struct EventCheckTests {
    private func add(
        _ value: UInt64, _ time: ClosedRange<UInt64>, _ outcome: Operation.Outcome = .ok
    ) -> Operation { Operation(.add, key: 3, value: value, outcome: outcome, at: time) }

    /// A complete list, on pages of two events.
    private func list(
        _ values: [UInt64], at start: UInt64, number: UInt16 = 0, isComplete: Bool = true
    ) -> [Operation] {
        (values + (isComplete ? [Operation.none] : [])).enumerated().map { index, value in
            let begin = start + UInt64(index / 2) * 2
            return Operation(
                .list, key: 3, value: value, client: number, at: begin...begin + 1)
        }
    }

    private func only(_ history: [Operation]) -> (Anomaly, Finding)? {
        let findings = CheckResult(of: history).findings
        return findings.count == 1 ? findings.first.map { ($0.key, $0.value) } : nil
    }

    private let adds: [Operation] = (1...5).map {
        Operation(.add, key: 3, value: $0, at: $0 * 10...$0 * 10 + 5)
    }

    @Test func `every acknowledged event once and in order is right`() {
        let history = adds + list([1, 2, 3, 4, 5], at: 100)
        let result = CheckResult(of: history)
        #expect(result.findings.isEmpty && result.unread == 0 && result.reads == 5)
        #expect(result.acknowledgedWrites == 5 && result.operations == 11)
    }

    @Test func `an event that no list has is lost`() throws {
        let history = adds + list([1, 2, 4, 5], at: 100) + list([1, 2, 4, 5], at: 200, number: 1)
        let (anomaly, finding) = try #require(only(history))
        #expect(anomaly == .lost && finding.count == 1)
        #expect(finding.witness.count == 3 && finding.witness[0] == adds[2])
    }

    @Test func `an event that a later list has was missing from a stale one`() throws {
        let history =
            adds + list([1, 2, 4, 5], at: 100) + list([1, 2, 3, 4, 5], at: 200, number: 1)
        #expect(try #require(only(history)).0 == .stale)
    }

    @Test func `an event that was seen and is gone is lost`() throws {
        let history =
            adds + list([1, 2, 3, 4, 5], at: 100) + list([1, 2, 4, 5], at: 200, number: 1)
        #expect(try #require(only(history)).0 == .lost)
    }

    @Test func `an event twice in one list is duplicated, in two lists it is not`() throws {
        let once = adds + list([1, 2, 3, 4, 5], at: 100)
        #expect(
            CheckResult(of: once + list([1, 2, 3, 4, 5], at: 200, number: 1)).findings.isEmpty)
        let (anomaly, finding) = try #require(only(adds + list([1, 2, 3, 4, 3, 5], at: 100)))
        #expect(anomaly == .duplicated && finding.count == 1 && finding.witness.count == 3)
    }

    @Test func `an event of nobody is invented, and one of a refused add executed`() throws {
        #expect(try #require(only(adds + list([1, 2, 3, 4, 9, 5], at: 100))).0 == .invented)
        let refused = adds + [add(6, 60...61, .failed)] + list([1, 2, 3, 4, 5, 6], at: 100)
        #expect(try #require(only(refused)).0 == .executedAfterRefusal)
        let early = list([1], at: 0) + [add(1, 50...51)]
        #expect(try #require(only(early)).0 == .invented)
    }

    @Test func `events out of their order are found, those at one time have none`() throws {
        let (anomaly, finding) = try #require(only(adds + list([1, 3, 2, 4, 5], at: 100)))
        #expect(anomaly == .outOfOrder && finding.count == 1 && finding.witness.count == 4)
        let atOnce = [add(1, 0...9), add(2, 5...12)] + list([2, 1], at: 20)
        #expect(CheckResult(of: atOnce).findings.isEmpty)
    }

    @Test func `what may have happened may be listed or not`() {
        for values in [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]] as [[UInt64]] {
            let history = adds + [add(6, 60...61, .maybe)] + list(values, at: 100)
            #expect(CheckResult(of: history).findings.isEmpty)
        }
    }

    @Test func `a list that did not reach the end says nothing of what it lacks`() {
        let result = CheckResult(of: adds + list([1, 2], at: 100, isComplete: false))
        #expect(result.findings.isEmpty && result.unread == 5)
        #expect(result.verdict(RequiredEvidence(minimumWrites: 1, minimumReads: 1)) == .invalid)
    }

    @Test func `registers and logs are judged side by side`() {
        let registers = [
            Operation(.put, key: 0, value: 1, at: 0...1), Operation(.get, key: 0, at: 2...3),
        ]
        let result = CheckResult(of: adds + registers + list([1, 2, 3, 4], at: 100))
        #expect(result.findings[.lost]?.count == 2 && result.operations == 12)
    }

    @Test func `random logs with one mistake are named, right ones raise nothing`() {
        for seed in 0..<500 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let log = SimulatedLog(&random)
            #expect(CheckResult(of: log.operations).findings.isEmpty, "\(seed)")
            for lie in SimulatedLog.Lie.allCases {
                let found = CheckResult(of: log.lying(lie)).findings
                #expect(Array(found.keys) == [lie.anomaly], "\(seed), \(lie): \(found)")
                #expect(found[lie.anomaly]?.count == 1)
            }
        }
    }
}
