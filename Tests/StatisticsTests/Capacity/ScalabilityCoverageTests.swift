import Testing

@testable import Statistics

/// Curves with known coefficients and 3 % of noise: how often the intervals hold the truth.
@Suite struct ScalabilityCoverageTests {
    private func covered(seed: UInt64) -> (rate: Bool, contention: Bool, coherency: Bool) {
        var random = SeededRandom(seed: seed)
        let law = ScalabilityLaw(
            rate: 100 + 900 * random.nextUnit(), contention: 0.02 + 0.05 * random.nextUnit(),
            coherency: 0.0005 + 0.002 * random.nextUnit())
        let points = [1.0, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48].map { concurrency in
            ScalabilityFit.Point(
                concurrency: concurrency,
                throughput: law.throughput(at: concurrency) + 0.01
                    * law.throughput(at: 16) * random.nextNormal())
        }
        let fit = ScalabilityFit(points)
        func holds(_ precision: ScalabilityFit.Precision?, _ truth: Double) -> Bool {
            precision?.interval.contains(truth) ?? false
        }
        return (
            holds(fit?.rate, law.rate), holds(fit?.contention, law.contention),
            holds(fit?.coherency, law.coherency)
        )
    }

    @Test func `each coefficient is covered in at least 17 of 20 sets`() {
        let sets = (1...20).map { covered(seed: $0) }
        #expect(sets.count { $0.rate } >= 17)
        #expect(sets.count { $0.contention } >= 17)
        #expect(sets.count { $0.coherency } >= 17)
    }

    @Test func `over many sets the intervals cover as often as they say`() {
        let sets = (1_000..<1_400).map { covered(seed: UInt64($0)) }
        // 95 % of 400, give or take three standard deviations.
        for count in [
            sets.count { $0.rate }, sets.count { $0.contention }, sets.count { $0.coherency },
        ] {
            #expect((367...393).contains(count), "\(count) of 400")
        }
    }
}
