import ArgumentParsing
import JSON
import Testing

@testable import loadgen

@Suite struct CalculatorTests {
    private func answer(_ words: String...) throws -> Calculation {
        let arguments = try Arguments(words, for: StatsCommand.syntax)
        return try Calculator(named: arguments.argument).answer(arguments)
    }

    private func problem(_ words: [String]) -> String {
        do {
            let arguments = try Arguments(words, for: StatsCommand.syntax)
            _ = try Calculator(named: arguments.argument).answer(arguments)
            return ""
        } catch { return "\(error)" }
    }

    private func value(_ name: String, _ calculation: Calculation) throws -> JSONValue {
        try #require(calculation.rows.first { $0.name == name }, "\(name)").value
    }

    @Test func `five nines are 5.26 minutes a year, and four 52.6`() throws {
        let five = try answer("budget", "--availability", "99.999%")
        #expect(five.text.contains("5.26 min  of downtime in a year"))
        guard case .number(let seconds) = try value("downtime_per_year_seconds", five) else {
            Issue.record("no number")
            return
        }
        #expect(abs(seconds - 315.36) < 1e-6)
        let four = try answer("budget", "--availability", "0.9999", "--requests", "200000")
        #expect(four.text.contains("52.6 min  of downtime in a year"))
        #expect(four.text.contains("20.0  errors in 200,000 requests"))
        // 10.5 outages of 30 s; 104 days without one to prove that.
        #expect(five.text.contains("10.5  whole outages of 30.0 s"))
        #expect(five.text.contains("104 d  without one"))
    }

    @Test func `required numbers are those of the specification, with their time`() throws {
        let plan = try answer("required-n", "--limit", "0.001%", "--rate", "1000/s")
        #expect(try value("requests", plan) == .integer(299_572))
        #expect(try value("plan_requests", plan) == .integer(629_578))
        #expect(try value("plan_errors", plan) == .integer(2))
        #expect(try value("sequential_requests", plan) == .integer(377_114))
        #expect(plan.text.contains("299,572  with no error") && plan.text.contains("4.99 min"))
        #expect(plan.text.contains("629,578") && plan.text.contains("10.5 min"))
        let strict = try answer(
            "required-n", "--limit", "10ppm", "--errors", "1", "--confidence", "99%")
        #expect(try value("requests", strict) == .integer(663_833))
        let near = try answer("required-n", "--limit", "1%", "--believed", "2%")
        #expect(try value("plan_requests", near) == .string("none"))
    }

    @Test func `an interval has its bounds, and with a limit its verdict and exit code`() throws {
        let tests = try answer("interval", "--count", "53", "--of", "57")
        #expect(tests.text.contains("93.0 %  53 of 57") && tests.exit == .pass)
        let cases: [(String, String, String, ExitCode)] = [
            ("0", "300000", "PASS", .pass), ("9", "100000", "FAIL", .fail),
            ("0", "3000", "INCONCLUSIVE", .inconclusive), ("0", "0", "INVALID", .invalid),
        ]
        for (count, total, word, exit) in cases {
            let answer = try answer("interval", "--count", count, "--of", total, "--limit", "1e-5")
            #expect(try value("verdict", answer) == .string(word))
            #expect(answer.exit == exit)
        }
        let few = try answer("interval", "--count", "0", "--of", "3_000", "--limit", "0.001%")
        #expect(try value("more_requests", few) == .integer(296_572))
        #expect(try answer("interval", "--count", "0", "--of", "0").exit == .invalid)
    }

    @Test func `scripts get one object with the same figures`() throws {
        let answer = try answer("interval", "--count", "0", "--of", "10", "--limit", "1%")
        guard case .object(let members) = answer.json else {
            Issue.record("no object")
            return
        }
        #expect(
            members.map(\.name) == ["share", "lower", "upper", "verdict", "more_requests"])
    }

    @Test(arguments: [
        (["requird-n"], "there is no calculator requird-n; did you mean required-n?"),
        (["x"], "there is no calculator x; there are required-n, interval, budget"),
        (["required-n"], "required-n wants --limit, as in: loadgen stats required-n --limit"),
        (["interval", "--count", "1"], "interval wants --of, as in: loadgen stats interval"),
        (
            ["interval", "--count", "5", "--of", "4"],
            "--count is a whole number from 0 to 4, not \"5\""
        ),
        (["required-n", "--limit", "0"], "--limit is a share above 0 and below 1, as in 0.001%"),
        (["required-n", "--limit", "100%"], "not \"100%\""),
        (["required-n", "--limit", "nan"], "not \"nan\""),
        (["required-n", "--limit", "1%", "--rate", "5"], "--rate is a rate as in 200/s"),
        (["required-n", "--limit", "1%", "--rate", "0/s"], "not \"0/s\""),
        (["required-n", "--limit", "1%", "--confidence", "20%"], "--confidence is a share from"),
        (["budget", "--availability", "99%", "--recovery", "x"], "--recovery is a time as in"),
        (["budget", "--limit", "1%"], "budget has no use for --limit; it takes --availability"),
    ])
    func `what cannot be calculated says why and what would be right`(
        words: [String], hint: String
    ) {
        #expect(problem(words).contains(hint), "\(problem(words))")
    }
}
