import Contracts
import JSON
import Testing

@testable import Profiles

@Suite struct ProfileDecoderTests {
    private func decode(_ text: String, _ overrides: [Override] = []) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        return try decoder.decode(text, file: "test.yaml", name: "test", overrides: overrides)
            .profile
    }

    private func problems(_ text: String, _ overrides: [Override] = []) -> [String] {
        do {
            _ = try decode(text, overrides)
            return []
        } catch { return "\(error)".split(separator: "\n").map(String.init) }
    }

    private let small = """
        load:
          - warm up: { rate: 200/s, for: 5s }
          - steady: { rate: 1000/s, for: 1m30s, arrivals: poisson }
        scenarios:
          - health: { weight: 6, steps: [ping] }
        """

    @Test func `a small profile gets every default`() throws {
        let profile = try decode(small)
        #expect(profile.name == "test" && profile.seed == 42 && profile.confidence == 0.95)
        #expect(profile.load.map(\.isJudged) == [false, true])
        #expect(profile.load[1].duration == .seconds(90))
        #expect(profile.limits == Limits())
    }

    @Test func `the evidence's form of a profile is read back as the same profile`() throws {
        let text =
            small + """

                  - pods:
                      steps:
                        - createPod: { body: { process: libp2p }, save: { pod: $.podId.name } }
                        - describePod:
                            path: { id: "${pod}" }
                            query: { info: status }
                            expect: { status: 200 }
                objectives: ["p(99.9) < 1500us on ping", "error rate < 0.001%"]
                limits: { in flight: 10, timeout: 2s, "lag p(99)": 3ms }
                """
        let profile = try decode(text)
        #expect(try decode(profile.json.text) == profile)
    }

    @Test func `all mistakes come at once, each with its place and what is allowed`() {
        let found = problems(
            """
            lode: 1
            load:
              - steady: { rate: fast, for: 10s }
              - steady: { rate: 10/s, for: -1s, arrivals: posson }
            scenarios:
              - health: { weight: 0, steps: [pong] }
              - pods: { steps: [describePod] }
            objectives:
              - p95 below 10
            limits: { in flight: many }
            """)
        for part in [
            "test.yaml:1:1: \"lode\" is not a key of the profile; did you mean load?",
            "test.yaml:3:21: \"fast\" is not a rate", "\"-1s\" is not a duration",
            "did you mean poisson?",
            "\"pong\" is not an operation of the contract; did you mean ping?",
            "\"0\" is not a whole number from 1", "describePod needs path: { id: ... }",
            "\"p95 below 10\" is not an objective", "\"many\" is not a whole number",
            "the phase \"steady\" is defined twice",
        ] { #expect(found.contains { $0.contains(part) }, "\(part) in \(found)") }
    }

    @Test(arguments: [
        ("load: 3", "load is a list"), ("[", ""), ("", "the file is empty"),
        ("load:\n  - a: { for: 1s }", "needs one model: rate"),
        ("load:\n  - a: { users: 0, for: 1s }", "whole number from 1 to 100000"),
        ("a: &x 1\nb: *x", "aliases are not taken"), ("seed: 1\nseed: 2", "is given twice"),
    ])
    func `what is no profile says why`(text: String, reason: String) {
        let found = problems(text)
        #expect(!found.isEmpty && found.contains { $0.contains(reason) || reason.isEmpty })
    }

    @Test func `a phase is named without what joins the names of phases, but in evidence`() throws {
        let text = small.replacing("steady", with: "a + b")
        #expect(
            problems(text) == [
                "test.yaml:3:5: a phase cannot be named \"a + b\": \" + \" joins the names of "
                    + "phases that go on together; allowed: a name without it"
            ])
        let kept = try decode(small).json.text.replacing("steady", with: "a + b")
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let profile = try decoder.decode(
            try JSONValue(parsing: kept.utf8), file: "run.json", name: "test"
        ).profile
        #expect(profile.load.map(\.name) == ["warm up", "a + b"])
        #expect(profile.judgedPhaseNames == ["a + b"])
    }

    @Test func `an override that is wrong names its flag, once for all phases`() {
        let wrong = Override(flag: "--rate", place: .rate, value: "quick")
        #expect(problems(small, [wrong]).filter { $0.hasPrefix("--rate: \"quick\"") }.count == 1)
        let key = Override(
            flag: "--set limits.timeout", place: .key("limits.timeout"), value: "soon")
        #expect(problems(small, [key]).contains { $0.hasPrefix("--set limits.timeout:") })
    }

    @Test func `overrides change the judged phases and leave a slower warm-up`() throws {
        let profile = try decode(
            small,
            [
                Override(flag: "--rate", place: .rate, value: "500/s"),
                Override(flag: "--duration", place: .duration, value: "7s"),
                Override(flag: "--set", place: .key("limits.timeout"), value: "2s"),
            ])
        #expect(
            profile.load.map { $0.model as? ConstantArrivalRate } == [
                ConstantArrivalRate(Rate(perSecond: 200), .constant),
                ConstantArrivalRate(Rate(perSecond: 500), .poisson),
            ])
        #expect(profile.load.map(\.duration) == [.seconds(5), .seconds(7)])
        #expect(profile.limits.timeout == .seconds(2))
    }

    @Test(arguments: [
        ("p(95) < 10ms", "p(95) < 10ms"), ("p(99.9)<1s on ping", "p(99.9) < 1s on ping"),
        ("error rate < 0.001%", "error rate < 0.001%"),
        ("error rate < 10 ppm", "error rate < 0.001%"),
    ])
    func `objectives are read and written`(text: String, canonical: String) {
        #expect(Objective(parsing: text)?.description == canonical)
    }

    @Test(arguments: [
        "p(100) < 1s", "p(0) < 1s", "error rate < 0%", "error rate < 100%", "fast", "",
    ])
    func `what is no objective is refused`(text: String) {
        #expect(Objective(parsing: text) == nil)
    }
}
