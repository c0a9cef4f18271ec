import Checker
import Foundation
import Statistics
import Testing

@Suite struct RegisterAgreementTests {
    /// `Scripts/check-histories` sets another number and another seed.
    private static let environment = ProcessInfo.processInfo.environment

    @Test(.timeLimit(.minutes(10)))
    func `the check by zones agrees with a search through every order`() {
        let count = Self.environment["LOADGEN_HISTORIES"].flatMap { Int($0) } ?? 20_000
        let seed = Self.environment["LOADGEN_SEED"].flatMap { UInt64($0) } ?? 42
        var random = SeededRandom(seed: seed)
        var (right, wrong, maybes) = (0, 0, 0)
        for number in 0..<count {
            let history = SmallHistory.random(&random)
            var search = LinearizabilitySearch(history)
            let isRight = search.isLinearizable()
            let result = CheckResult(of: history)
            guard result.unjudged == 0, result.findings.isEmpty == isRight else {
                Issue.record(
                    "seed \(seed), history \(number): \(result.findings), \(history)")
                return
            }
            if isRight { right += 1 } else { wrong += 1 }
            if history.contains(where: { $0.outcome == .maybe }) { maybes += 1 }
        }
        // Histories of one kind alone would show little.
        #expect(min(right, wrong) > count / 5 && maybes > count / 5)
        if Self.environment["LOADGEN_HISTORIES"] != nil {
            FileHandle.standardOutput.write(
                Data(
                    """
                    \(count) histories, seed \(seed): \(right + wrong) agree (\(right) right, \
                    \(wrong) wrong; \(maybes) with maybes)

                    """.utf8))
        }
    }

    @Test func `every witness is wrong by itself`() {
        var random = SeededRandom(seed: 7)
        var witnesses = 0
        for _ in 0..<5_000 {
            let history = SmallHistory.random(&random)
            for (anomaly, finding) in CheckResult(of: history).findings {
                #expect((1...5).contains(finding.witness.count))
                #expect(finding.witness.allSatisfy { history.contains($0) })
                // Its reads with the writes that they name, and what it proves, are in no order.
                let values = Set(finding.witness.map(\.value))
                let part = history.filter { operation in
                    finding.witness.contains(operation)
                        || operation.kind != .get && values.contains(operation.value)
                            && operation.outcome != .failed
                }
                var search = LinearizabilitySearch(part)
                let isRight = search.isLinearizable()
                #expect(!isRight, "\(anomaly): \(finding.witness) of \(history)")
                witnesses += 1
            }
        }
        #expect(witnesses > 1_000)
    }
}
