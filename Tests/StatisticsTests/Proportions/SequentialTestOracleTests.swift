import Testing

@testable import Statistics

@Suite struct SequentialTestOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("sequential_etest") }

    private func test(_ one: OracleCase) -> SequentialTest {
        SequentialTest(limit: one.double("p0"), confidence: one.double("conf"))
    }

    @Test func `every function of the file has its test`() {
        file.expectFunctions(["etest", "etest_min_n", "etest_upper", "etest_path"])
    }

    @Test func `evidence and verdicts equal the reference`() {
        for one in file.cases(of: "etest") {
            let (k, n) = (one.double("k"), one.double("n"))
            one.expect([
                "ln_e_pass": test(one).evidenceForPass(k, of: n),
                "ln_e_fail": test(one).evidenceForFail(k, of: n),
                "verdict": test(one).verdict(k, of: n).word,
            ])
        }
    }

    @Test func `the fewest requests that pass equal the reference`() {
        for one in file.cases(of: "etest_min_n") {
            one.expect(["n": test(one).minimumThatPass(errors: one.integer("k"))])
        }
    }

    @Test func `bounds at every look equal the reference`() {
        for one in file.cases(of: "etest_upper") {
            one.expect([
                "upper": SequentialTest.upperBound(
                    one.double("k"), of: one.double("n"), confidence: one.double("conf"))
            ])
        }
    }

    @Test func `where a run stops equals the reference`() throws {
        for one in file.cases(of: "etest_path") {
            let (batch, verdict, seen) = test(one).firstDecision(try one.batches())
            one.expect([
                "stop_batch": batch, "verdict": verdict.word, "k": seen.count, "n": seen.total,
            ])
        }
    }
}
