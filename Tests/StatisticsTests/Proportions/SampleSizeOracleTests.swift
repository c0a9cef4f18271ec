import Testing

@testable import Statistics

@Suite struct SampleSizeOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("required_n") }

    @Test func `every function of the file has its test`() {
        file.expectFunctions([
            "required_n", "min_errors_fail", "errors_budget", "plan", "more_requests",
        ])
    }

    @Test func `required numbers of requests equal the reference`() {
        for one in file.cases(of: "required_n") {
            let n = SampleSize.required(
                limit: one.double("p0"), errors: one.integer("k"), confidence: one.double("conf"))
            one.expect(["n": n])
        }
    }

    @Test func `the errors that fail and that pass equal the reference`() {
        for one in file.cases(of: "min_errors_fail") {
            let k = SampleSize.minimumErrorsThatFail(
                trials: one.integer("n"), limit: one.double("p0"), confidence: one.double("conf"))
            one.expect(["k": k])
        }
        for one in file.cases(of: "errors_budget") {
            let k = SampleSize.maximumErrorsThatPass(
                trials: one.integer("n"), limit: one.double("p0"), confidence: one.double("conf"))
            one.expect(["k": k])
        }
    }

    @Test func `plans and what is still missing equal the reference`() {
        for one in file.cases(of: "plan") {
            let plan = SampleSize.plan(
                limit: one.double("p0"), believed: one.double("p1"),
                confidence: one.double("conf"), power: one.double("power"))
            one.expect([
                "k": plan?.errors, "n": plan?.trials, "pass_probability": plan?.passProbability,
            ])
        }
        for one in file.cases(of: "more_requests") {
            let seen = Proportion(one.integer("k"), of: one.integer("n"))
            let more = SampleSize.more(
                after: seen, limit: one.double("p0"), confidence: one.double("conf"))
            one.expect(["more": more])
        }
    }
}
