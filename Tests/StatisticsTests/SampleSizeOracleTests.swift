import Testing

@testable import Statistics

@Suite struct SampleSizeOracleTests {
    private let file: OracleFile

    init() throws { file = try OracleFile("required_n") }

    @Test func `required numbers of requests equal the reference`() {
        let cases = file.cases(of: "required_n")
        #expect(!cases.isEmpty)
        for one in cases {
            let n = SampleSize.required(
                limit: one.double("p0"), errors: one.integer("k"), confidence: one.double("conf"))
            #expect(one.accepts("n", n), "\(one.id)")
        }
    }

    @Test func `the errors that fail and that pass equal the reference`() {
        for one in file.cases(of: "min_errors_fail") {
            let k = SampleSize.fewestErrorsThatFail(
                trials: one.integer("n"), limit: one.double("p0"), confidence: one.double("conf"))
            #expect(one.accepts("k", k), "\(one.id)")
        }
        for one in file.cases(of: "errors_budget") {
            let k = SampleSize.mostErrorsThatPass(
                trials: one.integer("n"), limit: one.double("p0"), confidence: one.double("conf"))
            #expect(one.accepts("k", k), "\(one.id)")
        }
    }

    @Test func `plans and what is still missing equal the reference`() {
        for one in file.cases(of: "plan") {
            let plan = SampleSize.plan(
                limit: one.double("p0"), believed: one.double("p1"),
                confidence: one.double("conf"), power: one.double("power"))
            #expect(one.accepts("k", plan?.errors), "\(one.id)")
            #expect(one.accepts("n", plan?.trials), "\(one.id)")
            #expect(one.accepts("pass_probability", plan?.passProbability), "\(one.id)")
        }
        for one in file.cases(of: "more_requests") {
            let seen = Proportion(one.integer("k"), of: one.integer("n"))
            let more = SampleSize.more(
                after: seen, limit: one.double("p0"), confidence: one.double("conf"))
            #expect(one.accepts("more", more), "\(one.id)")
        }
    }
}
