import Testing

@testable import Statistics

@Suite struct BlockBetTests {
    @Test func `capital is the mean of what each bet has made`() {
        var bet = BlockBet(limit: 0.05)
        #expect(bet.evidence == 0)
        for share in [0.4, 0.0, 0.1] { bet.add(share: share) }
        var sum = 0.0
        for part in [0.1, 0.25, 0.5, 0.75, 0.95] {
            let stake = 0.2 * part / 0.05
            sum += (1 + stake * 0.35) * (1 - stake * 0.05) * (1 + stake * 0.05)
        }
        #expect(abs(Double.exp(bet.evidence) - sum / 5) < 1e-12)
    }

    @Test func `a share at the limit is seldom disproved, however often one looks`() {
        var random = SeededRandom(seed: 31)
        var disproved = 0
        for _ in 0..<400 {
            var bet = BlockBet(limit: 0.05)
            for _ in 0..<200 {
                bet.add(share: Double(random.nextBinomial(100, 0.05)) / 100)
                if bet.disproves(confidence: 0.95) {
                    disproved += 1
                    break
                }
            }
        }
        // Ville: 5 % at most; 36 or more of 400 come in one of a thousand such tests.
        #expect(disproved < 36, "\(disproved)")
    }

    @Test func `a share far above it is disproved soon`() {
        var bet = BlockBet(limit: 0.001)
        bet.add(share: 0.1)
        #expect(!bet.disproves(confidence: 0.99))
        bet.add(share: 0.1)
        bet.add(share: 0.1)
        #expect(bet.disproves(confidence: 0.99))
    }
}
