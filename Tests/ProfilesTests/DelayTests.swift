import Contracts
import JSON
import Statistics
import Testing
import YAML

@testable import Profiles

@Suite struct DelayTests {
    private func read(_ text: String) throws -> (delay: Delay?, problems: [String]) {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let delay = decoder.delay(try YAMLNode(parsing: "a: \(text)", file: "test")["a"])
        return (delay, decoder.problems.problems.map(\.message))
    }

    @Test(arguments: [
        ("500ms", Delay.constant(.milliseconds(500))),
        ("{ uniform: [100ms, 2s] }", .uniform(from: .milliseconds(100), to: .seconds(2))),
        ("{ exponential: 5ms }", .exponential(mean: .milliseconds(5))),
        (
            "{ normal: 5ms, deviation: 1ms }",
            .normal(mean: .milliseconds(5), deviation: .milliseconds(1))
        ),
    ])
    func `each form is read, and written so that it is read again`(
        text: String, delay: Delay
    ) throws {
        #expect(try read(text).delay == delay)
        #expect(try read(delay.json.text).delay == delay)
    }

    @Test(arguments: [
        ("soon", "is not a duration"), ("-1s", "is not a duration"),
        ("{ uniform: 5ms }", "a delay: 500ms"), ("{ uniform: [1s] }", "a delay: 500ms"),
        ("{ uniform: [2s, 1s] }", "lower bound of a uniform delay"), ("{ normal: 1s }", "a delay"),
        ("{ gamma: 1s }", "a delay"), ("[1s]", "a delay"),
    ])
    func `what is no delay says what one is`(text: String, reason: String) throws {
        let (delay, problems) = try read(text)
        #expect(delay == nil && problems.contains { $0.contains(reason) }, "\(problems)")
    }

    /// Mean and standard deviation from 100,000 draws, against closed forms; the bounds are five
    /// standard errors of the mean.
    @Test(arguments: [
        (Delay.constant(.milliseconds(3)), 3e6, 0.0),
        (.uniform(from: .milliseconds(1), to: .milliseconds(3)), 2e6, 2e6 / 12.0.squareRoot()),
        (.exponential(mean: .milliseconds(3)), 3e6, 3e6),
        (.normal(mean: .milliseconds(9), deviation: .milliseconds(1)), 9e6, 1e6),
    ])
    func `draws have the distribution's mean and deviation`(
        delay: Delay, mean: Double, deviation: Double
    ) {
        var random = SeededRandom(seed: 7)
        let draws = (0..<100_000).map { _ in Double(delay.draw(&random)) }
        let seenMean = draws.reduce(0, +) / 1e5
        let seenVariance = draws.reduce(0) { $0 + ($1 - seenMean) * ($1 - seenMean) } / 1e5
        #expect((seenMean - mean).magnitude <= 5 * deviation / 1e5.squareRoot() + 1)
        #expect((seenVariance.squareRoot() - deviation).magnitude <= 0.02 * deviation)
    }

    @Test func `a normal delay is never below 0, and a seed repeats its draws`() {
        let delay = Delay.normal(mean: .milliseconds(1), deviation: .seconds(1))
        var (first, second) = (SeededRandom(seed: 1), SeededRandom(seed: 1))
        let draws = (0..<1000).map { _ in delay.draw(&first) }
        #expect(draws.contains(0) && draws.contains { $0 > 0 })
        #expect(draws == (0..<1000).map { _ in delay.draw(&second) })
    }
}
