import Contracts
import JSON
import Testing

@testable import Profiles

/// The load part of a profile: every model, and the mistakes one can make in it.
@Suite struct LoadDecoderTests {
    private func decode(_ load: String) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        return try decoder.decode(
            "load:\n\(load)\nscenarios:\n  - health: { steps: [ping] }", file: "t", name: "t"
        ).profile
    }

    private func rate(_ perSecond: Double) -> Rate { Rate(perSecond: perSecond) }

    @Test(
        arguments: [
            ("rate: 60/m", ConstantArrivalRate(Rate(perSecond: 1), .constant)),
            (
                "from: 0/s, to: 9/s, arrivals: poisson",
                RampingArrivalRate(from: Rate(perSecond: 0), to: Rate(perSecond: 9), .poisson)
            ),
            ("users: 64", ConstantUsers(64)),
            ("users: { from: 0, to: 64 }", RampingUsers(from: 0, to: 64)),
            ("users: 4, iterations: 100", SharedIterations(users: 4, iterations: 100)),
            ("users: 4, iterations per user: 3", PerUserIterations(users: 4, iterations: 3)),
            ("as fast as possible: 8", AsFastAsPossible(users: 8)),
            ("replay: times.csv", Replay(path: "times.csv", speed: 1)),
            ("replay: { file: a, speed: 2 }", Replay(path: "a", speed: 2)),
            (
                "sine: { mean: 5/s, amplitude: 5/s, period: 3s }",
                Sine(
                    mean: Rate(perSecond: 5), amplitude: Rate(perSecond: 5), period: .seconds(3),
                    arrivals: .constant)
            ),
            (
                "spike: { base: 0/s, peak: 9/s, hold: 2s }, arrivals: poisson",
                Spike(
                    base: Rate(perSecond: 0), peak: Rate(perSecond: 9), begin: .seconds(4),
                    rise: .zero, hold: .seconds(2), fall: .zero, arrivals: .poisson)
            ),
            (
                "spike: { base: 1/s, peak: 9/s, at: 0s, rise: 1s, hold: 2s, fall: 3s }",
                Spike(
                    base: Rate(perSecond: 1), peak: Rate(perSecond: 9), begin: .zero,
                    rise: .seconds(1), hold: .seconds(2), fall: .seconds(3), arrivals: .constant)
            ),
        ] as [(String, any LoadModel)])
    func `every model is read, and read back from the evidence`(
        text: String, model: any LoadModel
    ) throws {
        let profile = try decode("  - p: { \(text), for: 10s }")
        #expect(profile.load.count == 1)
        #expect(try #require(profile.load.first).model.isEqual(to: model))
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let again = try decoder.decode(profile.json.text, file: "t", name: "t").profile
        #expect(again == profile)
    }

    @Test func `a staircase is a phase for each step, which others can stand after or with`() throws
    {
        let profile = try decode(
            """
              - climb: { steps: { from: 100/s, to: 350/s, by: 100/s, each: 2s } }
              - beside: { rate: 1/s, for: 1s, with: climb, scenarios: [health] }
              - last: { rate: 1/s, for: 1s, after: climb, delay: 500ms, graceful stop: 2s }
            """)
        #expect(
            profile.load.map(\.name) == [
                "climb 100/s", "climb 200/s", "climb 300/s", "beside", "last",
            ])
        #expect(profile.spans[3] == PhaseSpan(start: 0, end: 1_000_000_000))
        #expect(profile.spans[4].start == 6_500_000_000)
        #expect(profile.load[4].gracefulStop == .seconds(2))
        let down = try decode("  - down: { steps: { from: 30/s, to: 10/s, by: 10/s, each: 1s } }")
        #expect(down.load.map(\.name) == ["down 30/s", "down 20/s", "down 10/s"])
    }

    @Test(arguments: [
        ("  - p: { for: 10s }", "needs one model"),
        ("  - p: { rate: 1/s, users: 4, for: 10s }", "it has rate, users"),
        ("  - p: { rate: 0/s, for: 10s }", "above 0"),
        ("  - p: { users: 4, arrivals: poisson, for: 10s }", "arrivals are of the open model"),
        ("  - p: { rate: 1/s, iterations: 4, for: 10s }", "iterations go with users"),
        ("  - p: { users: 1, iterations: 4, iterations per user: 4, for: 1s }", "not both"),
        ("  - p: { users: { from: 0, to: 0 }, for: 10s }", "one above 0"),
        ("  - p: { users: 0, for: 10s }", "a whole number from 1"),
        ("  - p: { sine: { mean: 1/s, amplitude: 2/s, period: 1s }, for: 10s }", "above the mean"),
        ("  - p: { sine: { mean: 1/s, period: 1s }, for: 10s }", "needs amplitude"),
        ("  - p: { spike: { base: 1/s, peak: 2/s, hold: 20s }, for: 10s }", "which lasts 10s"),
        ("  - p: { spike: { base: 1/s, peek: 2/s, hold: 1s }, for: 10s }", "did you mean peak?"),
        ("  - p: { replay: { speed: 2 }, for: 10s }", "needs file"),
        ("  - p: { replay: { file: a, speed: 0 }, for: 10s }", "a number above 0"),
        ("  - p: { steps: { from: 1/s, to: 9/s, each: 1s } }", "steps need by"),
        ("  - p: { steps: { from: 1/s, to: 9/s, by: 1/s, each: 1s }, for: 9s }", "remove for"),
        ("  - p: { steps: { from: 1/s, to: 9000/s, by: 1/s, each: 1s } }", "too many"),
        ("  - p: { rate: 1/s, for: 9s, rounds: { load: 1s } }", "rounds need idle"),
        ("  - p: { rate: 1/s, for: 9s, rounds: { idle: 1s } }", "rounds need load"),
        ("  - p: { rate: 1/s, for: 9s, rounds: 5 }", "rounds"),
        ("  - p: { rate: 1/s, for: 9s, rounds: { load: 1s, idle: 1s, x: 1 } }", "x"),
        ("  - p: { rate: 1/s, for: 9s, rounds: { load: 1s, idle: 199ms } }", "needs 200ms at"),
        ("  - p: { rate: 1/s, for: 9s, rounds: { load: 9s, idle: 1s } }", "has 0 rounds of 10s"),
        ("  - p: { users: 1, for: 9s, rounds: { load: 1s, idle: 1s } }", "rounds need rate"),
        ("  - p: { rate: 1/s, for: 1s, after: q }", "\"q\" is not a phase above this one"),
        ("  - p: { rate: 1/s, for: 1s, delay: -1s }", "0s or a duration"),
        ("  - p: { rate: 1/s, for: 1s, scenarios: [helth] }", "did you mean health?"),
        (
            "  - p: { rate: 1/s, for: 1s }\n  - q: { rate: 1/s, for: 1s, after: p, with: p }",
            "either after another one or with it"
        ),
    ])
    func `a mistake is named with what is allowed`(load: String, words: String) {
        let error = #expect(throws: ProfileError.self) { try decode(load) }
        let text = error?.description ?? ""
        #expect(text.contains(words) && text.hasPrefix("t:"), "\(text)")
    }

    @Test func `rounds are read, and read back from the evidence`() throws {
        let profile = try decode(
            "  - p: { rate: 9/s, for: 9s, rounds: { load: 1500ms, idle: 500ms } }")
        #expect(
            profile.load.first?.rounds
                == Rounds(load: .milliseconds(1500), idle: .milliseconds(500)))
        #expect(profile.load.first?.rounds?.count(in: .seconds(9)) == 4)
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        #expect(try decoder.decode(profile.json.text, file: "t", name: "t").profile == profile)
    }
}
