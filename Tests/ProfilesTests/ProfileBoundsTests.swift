import Contracts
import Testing

@testable import Profiles

@Suite struct ProfileBoundsTests {
    private static let load = "load: [ { steady: { rate: 1/s, for: 1s } } ]"

    private func problems(_ text: String) -> [String] {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        do {
            _ = try decoder.decode(text, file: "f", name: "f")
            return []
        } catch { return error.problems.map(\.description) }
    }

    private func list(_ count: Int, _ element: (Int) -> String) -> String {
        "[\((0..<count).map(element).joined(separator: ", "))]"
    }

    @Test func `of very many mistakes the first are named, and the others counted`() {
        let keys = (0..<200_000).map { "key\($0): 1\n" }.joined()
        let found = problems("\(Self.load)\n\(keys)")
        #expect(found.count == 101)
        #expect(found.first?.hasPrefix("f:2:1: \"key0\" is not a key of the profile") == true)
        #expect(found.last == "f: and 199900 more mistakes")
    }

    @Test func `a body of very many members is one body`() {
        let members = (0..<200_000).map { "k\($0): 1" }.joined(separator: ", ")
        let step = "{ request: { method: POST, url: /, body: { \(members) } } }"
        let found = problems(
            "\(Self.load)\ncontract: none\nscenarios: [{ s: { steps: [\(step)] } }]")
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `every list has a bound`() {
        let phases = list(2001) { "{ p\($0): { rate: 1/s, for: 1s } }" }
        #expect(problems("load: \(phases)") == ["f:1:7: 2001 phases are too many; at most 2000"])
        let stairs = list(3) {
            "{ p\($0): { steps: { from: 1/s, to: 1000/s, by: 1/s, each: 1s } } }"
        }
        #expect(
            problems("load: \(stairs)") == [
                "f:1:7: 3000 phases with those of steps are too many; at most 2000"
            ])
        let scenarios = list(1001) { "{ s\($0): { steps: [ping] } }" }
        #expect(
            problems("\(Self.load)\nscenarios: \(scenarios)") == [
                "f:2:12: 1001 scenarios are too many; at most 1000"
            ])
        let steps = list(10_001) { _ in "ping" }
        #expect(
            problems("\(Self.load)\nscenarios: [{ s: { steps: \(steps) } }]") == [
                "f:2:27: the scenarios have more than 10000 steps; use repeat, or data"
            ])
        let objectives = list(1001) { "p(95) < \($0 + 1)ms" }
        #expect(
            problems("\(Self.load)\nobjectives: \(objectives)") == [
                "f:2:13: 1001 objectives are too many; at most 1000"
            ])
        let data = list(101) { "{ d\($0): { file: a.csv } }" }
        #expect(
            problems("\(Self.load)\ndata: \(data)") == [
                "f:2:7: 101 files are too many; at most 100"
            ])
    }

    @Test func `times and rates have bounds, alone and together`() {
        let phases = list(600) { "{ p\($0): { rate: 1/s, for: 8760h } }" }
        #expect(
            problems("load: \(phases)") == [
                "f:1:7: the phases and their delays are more than a year together"
            ])
        let stairs = "{ p: { steps: { from: 1/s, to: 9/s, by: 1e-300/s, each: 1s } } }"
        #expect(
            problems("load: [\(stairs)]") == [
                "f:1:22: 1000000000000001 steps are too many; at most 1000 are taken"
            ])
    }

    @Test func `a condition's bound is a number of any size, and no other word`() {
        func test(_ bound: String) -> [String] {
            problems(
                "\(Self.load)\nscenarios: [{ s: { steps: [ping, "
                    + "{ if: { value: \"${user}\", above: \(bound) }, then: [ping] }] } }]")
        }
        #expect(test("1e400").isEmpty && test("18446744073709551616").isEmpty)
        #expect(test("nan").first?.contains("\"nan\" is not a number") == true)
        #expect(test("inf").first?.contains("\"inf\" is not a number") == true)
    }
}
