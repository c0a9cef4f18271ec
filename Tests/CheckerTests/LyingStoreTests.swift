import Checker
import Statistics
import Testing

@Suite struct LyingStoreTests {
    @Test func `1,000 histories of a right store raise nothing`() {
        let enough = RequiredEvidence(minimumWrites: 10, minimumReads: 10)
        for seed in 0..<1_000 as Range<UInt64> {
            var store = SimulatedStore(.none, seed: seed, keys: 5)
            let history = store.history(clients: 6, operationsEach: 60)
            let result = CheckResult(of: history)
            #expect(result.verdict(enough) == .pass, "seed \(seed): \(result)")
        }
    }

    @Test(arguments: SimulatedStore.Lie.allCases.filter { $0 != .none })
    func `each lie is found and named, and nothing else is`(lie: SimulatedStore.Lie) throws {
        let anomaly = try #require(lie.anomaly)
        var found = 0
        for seed in 0..<40 as Range<UInt64> {
            var store = SimulatedStore(lie, seed: seed, keys: 5)
            let result = CheckResult(of: store.history(clients: 6, operationsEach: 600))
            #expect(
                result.findings.keys.allSatisfy { $0 == anomaly }, "\(seed): \(result.findings)")
            if result.findings[anomaly] != nil { found += 1 }
        }
        #expect(found > 36, "of 40")
    }
}
