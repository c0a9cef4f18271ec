import Contracts
import Testing

@testable import Profiles

@Suite struct LimitsTests {
    private func problems(_ keys: String) -> [String] {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let text = "load: [ { steady: { rate: 1/s, for: 1s } } ]\n\(keys)"
        do {
            _ = try decoder.decode(text, file: "f", name: "f")
            return []
        } catch { return error.problems.map(\.description) }
    }

    private static let timeForm = "a duration as in 500us, 10ms, 5s, 2m, 1h or 1m30s, at most 1h"

    @Test(arguments: ["timeout", "graceful stop"])
    func `a wait above an hour has no place in the evidence`(key: String) {
        let column = "limits: { \(key): ".count + 1
        #expect(problems("limits: { \(key): 1h }").isEmpty)
        #expect(
            problems("limits: { \(key): 3601s }")
                == ["f:2:\(column): \"3601s\" is not \(Self.timeForm)"])
    }

    @Test(arguments: [
        (
            "limits: { in flight: 0 }",
            "f:2:22: \"0\" is not a whole number from 1 to 1000000"
        ),
        (
            "limits: { in flght: 1 }",
            "f:2:11: \"in flght\" is not a key of limits; did you mean in flight? allowed: "
                + "in flight, connections, timeout, lag p(99), graceful stop, memory"
        ),
        (
            "limits: { memory: 512 }",
            "f:2:19: \"512\" is not a size as in 512MiB or 2GB, from 1MiB to 1TiB"
        ),
        (
            "limits: { memory: 1KiB }",
            "f:2:19: \"1KiB\" is not a size as in 512MiB or 2GB, from 1MiB to 1TiB"
        ),
        ("limits: 3", "f:2:9: limits must be a mapping with the keys in flight, connections, "),
        ("limits: { timeout: [1] }", "f:2:20: expected \(timeForm)"),
        ("confidence: 0.5", "f:2:13: \"0.5\" is not a number above 0.5 and below 1"),
        ("confidence: nan", "f:2:13: \"nan\" is not a number above 0.5 and below 1"),
        ("seed: -1", "f:2:7: \"-1\" is not a whole number from 0 to 2^64 - 1"),
        ("name: [a]", "f:2:7: expected a text"),
        (
            "target: embeded",
            "f:2:9: \"embeded\" is not a target; allowed: embedded, or a URL as in "
                + "http://127.0.0.1:4343"
        ),
        ("objectives: p", "f:2:13: objectives are a list, each p(95) < 10ms, "),
        (
            "objectives: [p(95) < 1s, p(95) < 1s]",
            "f:2:26: the objective p(95) < 1s is given twice"
        ),
        (
            "objectives: [p(95) < 1s on pin]",
            "f:2:14: \"pin\" is not an operation of the contract; did you mean ping? allowed: "
        ),
        (
            "objectives: [p(95) > 1s]",
            "f:2:14: \"p(95) > 1s\" is not an objective: p is compared by <, as in p(95) < 10ms"
        ),
        ("objectives: [[a]]", "f:2:14: an objective is a text: p(95) < 10ms, "),
    ])
    func `a value that cannot be is told with its place and what is allowed`(
        keys: String, message: String
    ) {
        let found = problems(keys)
        #expect(found.count >= 1 && found.first?.hasPrefix(message) == true, "\(found)")
    }

    @Test(arguments: ["error rate < 1e-12", "error rate < 0.0000000001%", "error rate < 1"])
    func `a share that could not be written again is refused`(text: String) {
        #expect(Objective(parsing: text) == nil)
    }

    @Test(arguments: ["error rate < 0.000000001%", "error rate < 99.999%", "error rate < 0.5"])
    func `a share is written so that it is read again`(text: String) throws {
        let objective = try #require(Objective(parsing: text))
        #expect(Objective(parsing: objective.description) == objective)
    }
}
