import Testing
import Verdicts

@testable import calibration

@Suite struct GateSimulationTests {
    @Test func `in miniature no truth is misjudged more often than it may be`() throws {
        let table = GateSimulation(comparisons: 40, seed: 20_261_124)
        #expect(table.isWithinBounds, "\(table.markdown)")
        #expect(table.rows.count == GateTruth.simulated.count)
        // Noise that nothing could be seen through would be within most bounds.
        let equal = try #require(table.rows.first { $0.truth.name == "equal" })
        #expect((equal.words[.same] ?? 0) + (equal.words[.improved] ?? 0) >= 20)
    }

    @Test func `a gate that is wrong more often than it may be is found`() {
        let truth = GateTruth(
            name: "wrong", description: "said to be equal, and is not", factor: 1.1, margin: 0.05,
            counted: .regressed, share: 0.05, isAtLeast: false)
        #expect(!GateSimulation(comparisons: 20, seed: 1, truths: [truth]).isWithinBounds)
        let blind = GateTruth(
            name: "blind", description: "said to be slower, and is not", factor: 1, margin: 0.05,
            counted: .regressed, share: 0.9, isAtLeast: true)
        #expect(!GateSimulation(comparisons: 20, seed: 1, truths: [blind]).isWithinBounds)
        #expect(!GateSimulation(comparisons: 20, seed: 1, truths: []).isWithinBounds)
    }

    @Test func `a count is allowed up to what chance does`() {
        let seldom = GateTruth.nodes[0]
        // Of 12 at 5 %, 4 or more come in 0.22 % of tries, 5 or more in 0.02 %.
        #expect(seldom.allows(4, of: 12) && !seldom.allows(5, of: 12))
        #expect(seldom.allows(0, of: 2_000) && seldom.allows(125, of: 2_000))
        #expect(!seldom.allows(140, of: 2_000))
        let often = GateTruth.nodes[2]
        #expect(often.allows(12, of: 12) && !often.allows(5, of: 12))
    }
}
