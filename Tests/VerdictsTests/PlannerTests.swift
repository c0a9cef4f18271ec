import Profiles
import SampleEvidence
import Statistics
import Testing

@testable import Verdicts

@Suite struct PlannerTests {
    private func plan(_ objective: String, arrivals: Int) throws -> Planner.Expectation {
        let profile = SampleRun(objectives: [objective]).profile
        return try #require(Planner.plan(profile, arrivals: [[7], [arrivals]]).first)
    }

    // The table of statistics.md section 1.2: 299,572 prove 1e-5 at 95 % without an error, and
    // 474,385 with one; at a true share of 2e-6 those give 75 % and 629,578 with two 87 %.
    @Test func `what a profile can prove is said with what would be enough`() throws {
        let short = try plan("error rate < 0.001%", arrivals: 299_571)
        #expect(!short.isDecidable && short.least == 299_572 && short.planned == 629_578)
        #expect(
            short.sentence
                == "CANNOT DECIDE: 299,571 requests, and even without one failure a PASS needs "
                + "299,572; 629,578 requests, 21.0 s at this rate, would be enough.")
        let brittle = try plan("error rate < 0.001%", arrivals: 299_572)
        #expect(brittle.isDecidable)
        #expect(
            brittle.sentence.hasPrefix(
                "BRITTLE: with 299,572 requests it passes only if almost none"))
        let sound = try plan("error rate < 0.001%", arrivals: 629_578)
        #expect(
            sound.sentence
                == "DECIDABLE: 629,578 requests; 629,578 would pass in four of five runs if the "
                + "true share is a fifth of the limit, and if the target keeps no level for longer "
                + "than 500 ms.",
            "\(sound.sentence)")
    }

    @Test func `spells that a profile declares ask for a run that would show them`() throws {
        var profile = SampleRun(objectives: ["error rate < 5%"]).profile
        profile.bursts = .seconds(1)
        let short = try #require(Planner.plan(profile, arrivals: [[7], [1000]]).first)
        // 2.9957 spells of 1 s have to be 5 % of the run: 59.9 s.
        #expect(
            short.sentence
                == "CANNOT DECIDE: 1.0 s of `bursts` could be missed by chance in 10 s; run at "
                + "least 60 s.", "\(short.sentence)")
        #expect(!short.isDecidable)
        profile.load[1].duration = .seconds(60)
        #expect(try #require(Planner.plan(profile, arrivals: [[7], [6000]]).first).isDecidable)
    }

    @Test func `a plan's power is what the binomial distribution says`() throws {
        for limit in [0.05, 0.001, 0.00001] {
            let plan = try #require(
                SampleSize.plan(limit: limit, believed: limit / 5, confidence: 0.95))
            let chance = Binomial.atMost(plan.errors, trials: plan.trials, probability: limit / 5)
            #expect(chance >= 0.8 && chance == plan.passProbability)
            let seen = Proportion(plan.errors, of: plan.trials)
            #expect(seen.verdict(limit: limit, confidence: 0.95) == .pass)
        }
    }

    @Test func `requests are counted by the weights and steps of the scenarios`() {
        var profile = SampleRun(
            objectives: ["p(99) < 1s", "p(99) < 1s on ping", "p(99) < 1s on listPods"]).profile
        profile.scenarios = [
            Scenario(name: "a", weight: 3, steps: [Step(operation: "ping")]),
            Scenario(
                name: "b", weight: 1,
                steps: [Step(operation: "listPods"), Step(operation: "ping")]),
        ]
        let expected = Planner.plan(profile, arrivals: [[500, 500], [750, 250]])
        #expect(expected.map(\.requests) == [1250, 1000, 250])
    }

    @Test func `a profile that sends nothing is told to`() throws {
        let none = try plan("p(99) < 1s", arrivals: 0)
        #expect(!none.isDecidable)
        #expect(none.sentence.hasSuffix("; give it an open phase that sends some."))
    }
}
