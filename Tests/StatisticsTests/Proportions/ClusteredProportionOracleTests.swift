import Testing

@testable import Statistics

@Suite struct ClusteredProportionOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("clustered_proportion") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["error_clusters", "clustered_bounds", "clustered_verdict"])
    }

    @Test func `episodes of errors equal the reference`() throws {
        for one in file.cases(of: "error_clusters") {
            let episodes = ErrorEpisodes(
                times: try one.doubles("times_s"), gapSeconds: one.double("gap_s"))
            one.expect([
                "sizes": episodes.sizes, "clusters": episodes.count,
                "d_cluster": episodes.designEffect,
            ])
        }
    }

    @Test func `bounds that know bursts equal the reference`() throws {
        for one in file.cases(of: "clustered_bounds") {
            let (seen, confidence) = (try share(one), one.double("conf"))
            let effective = seen.effective(confidence: confidence)
            one.expect([
                "p_hat": Double(seen.seen.count) / Double(seen.seen.total),
                "d_cluster": seen.episodeEffect, "d_batch": seen.batchEffect,
                "r1": seen.lagOne, "r_star": seen.autocorrelation,
                "design_effect": seen.designEffect, "effective_batches": seen.effectiveBatches,
                "df": seen.degreesOfFreedom, "shrink": seen.shrink(confidence: confidence),
                "k_eff": effective.count, "n_eff": effective.total,
                "lower": seen.lowerBound(confidence: confidence),
                "upper": seen.upperBound(confidence: confidence),
            ])
        }
    }

    @Test func `verdicts that know bursts equal the reference`() throws {
        for one in file.cases(of: "clustered_verdict") {
            let (seen, confidence) = (try share(one), one.double("conf"))
            one.expect([
                "verdict": seen.verdict(limit: one.double("p0"), confidence: confidence).word,
                "gate_open": seen.isLongEnough,
                "lower": seen.lowerBound(confidence: confidence),
                "upper": seen.upperBound(confidence: confidence),
                "upper_k10": seen.cautiousUpperBound(confidence: confidence),
            ])
        }
    }

    private func share(_ one: OracleCase) throws -> ClusteredProportion {
        ClusteredProportion(
            batches: try one.batches(),
            episodes: ErrorEpisodes(sizes: try one.integers("cluster_sizes")))
    }
}
