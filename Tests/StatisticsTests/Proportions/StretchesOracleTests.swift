import Testing

@testable import Statistics
@testable import Verdicts

@Suite struct StretchesOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("stretches") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "outages", "worst_stretch", "facts", "spells", "episodes", "block_bet",
        ])
    }

    @Test func `outages are those that trying every range finds`() throws {
        for one in file.cases(of: "outages") {
            one.expect([
                "ranges": FailingStretches(try cells(one)).outages.map {
                    [$0.cells.lowerBound, $0.cells.upperBound]
                }
            ])
        }
    }

    @Test func `the worst stretch is the one that trying every range finds`() throws {
        for one in file.cases(of: "worst_stretch") {
            let found = FailingStretches(try cells(one)).worst(
                above: one.double("share"), seconds: one.double("seconds"))
            one.expect(["range": found.map { [$0.cells.lowerBound, $0.cells.upperBound] }])
        }
    }

    @Test func `what happened in a run breaks its limit as in the reference`() throws {
        for one in file.cases(of: "facts") {
            let found = ShareFacts(
                try cells(one), limit: one.double("limit"), confidence: one.double("conf"),
                unsent: one.integer("unsent"))
            one.expect([
                "kept": found.isKept, "outages": found.outages.count,
                "rule": found.rule.map { "\($0)" },
            ])
        }
    }

    @Test func `spells and what they leave unseen equal the reference`() throws {
        for one in file.cases(of: "spells") {
            let found = Spells(
                cells: try cells(one), limit: one.double("limit"),
                confidence: one.double("conf"), declaredSeconds: one.optional("bursts"))
            one.expect([
                "count": found.count, "longest": found.longestSeconds,
                "rarest": found.rarestSeconds, "covered": found.areCovered,
            ])
        }
    }

    @Test func `episodes that chance would join as well equal the reference`() throws {
        for one in file.cases(of: "episodes") {
            let found = ShareTest.episodes(
                at: try one.doubles("times"), seconds: one.double("seconds"),
                requests: one.integer("requests"))
            one.expect(["sizes": found.sizes, "d_cluster": found.designEffect])
        }
    }

    @Test func `bets on blocks of time win what the reference wins`() throws {
        for one in file.cases(of: "block_bet") {
            var bet = BlockBet(limit: one.double("limit"))
            var evidence: [Double] = []
            var first: Int?
            for (index, share) in try one.doubles("shares").enumerated() {
                bet.add(share: share)
                evidence.append(bet.evidence)
                if first == nil, bet.disproves(confidence: one.double("conf")) { first = index + 1 }
            }
            one.expect(["evidence": evidence, "first": first])
        }
    }

    private func cells(_ one: OracleCase) throws -> [FailingStretches.Cell] {
        let step = one.double("step")
        return try #require(one.input["cells"] as? [[Int]]).enumerated().map { index, cell in
            .init(
                start: Double(index) * step, end: Double(index + 1) * step, total: cell[0],
                failed: cell[1])
        }
    }
}
