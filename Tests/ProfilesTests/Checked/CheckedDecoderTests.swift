import Contracts
import JSON
import Testing

@testable import Profiles

@Suite struct CheckedDecoderTests {
    private static let put =
        "request: { method: PUT, url: '/kv/${checked:key}', text: '${checked:value}', "
        + "checked: put }"
    private static let get = "request: { url: '/kv/${checked:key}', checked: { get: $.value } }"
    private static let add =
        "request: { method: POST, url: '/log/${checked:key}', text: '${checked:value}', "
        + "checked: add }"
    private static let list =
        "request: { url: '/log', checked: { list: $.events, value: $.v, next: $.next } }"
    private static let more =
        "request: { url: '/log?after=${checked:next}', "
        + "checked: { more: $.events, value: $.v, next: $.next } }"

    private func decode(_ steps: [String], key: String? = "k", more: String = "") throws -> Profile
    {
        try decode(
            text: "contract: none\nload: [{ steady: { rate: 1/s, for: 60s } }]\n\(more)\n"
                + "scenarios:\n  - s:\n" + (key.map { "      checked: '\($0)'\n" } ?? "")
                + "      steps:\n" + steps.map { "        - \($0)\n" }.joined())
    }

    private func decode(text: String) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        return try decoder.decode(text, file: "test.yaml", name: "test").profile
    }

    @Test func `steps are read as operations of registers and logs`() throws {
        let registers = try decode([
            Self.put, Self.get, "request: { method: DELETE, url: /kv, checked: delete }",
        ])
        let path = JSONPath(parts: [.name("value")])
        #expect(registers.scenarios[0].checkedKey == "k" && registers.isChecked)
        #expect(registers.scenarios[0].accesses == [.put, .get(.path(path)), .delete])
        let log = try decode([Self.add, Self.list, Self.more])
        let page = CheckedAccess.Page(
            events: JSONPath(parts: [.name("events")]), value: JSONPath(parts: [.name("v")]),
            next: .answer(JSONPath(parts: [.name("next")])))
        #expect(log.scenarios[0].accesses == [.add, .list(page), .more(page)])
    }

    @Test func `the evidence's form of a checked profile is read back as the same`() throws {
        for steps in [[Self.put, Self.get], [Self.add, Self.list, Self.more]] {
            let profile = try decode(
                steps,
                more: "checked: { refusals: { status: [503, 504], header: X-Own }, restart: false }"
            )
            #expect(profile.checked.refusals.statuses == [503, 504] && !profile.checked.restarts)
            var decoder = ProfileDecoder { name throws(ContractError) in
                try Contract(builtIn: name)
            }
            let again = try decoder.decode(profile.json, file: "run.json", name: "test").profile
            #expect(again == profile)
        }
    }

    @Test func `what reads a key back has what leads to the first read, and writes nothing`() throws
    {
        let login = "request: { url: /login, think: 1s }"
        let profile = try decode([
            login, Self.put, "think: 1s", "{ repeat: 3, steps: [{ \(Self.get) }] }", login,
        ])
        let scenario = profile.scenarios[0]
        let reader = try #require(profile.reader(of: scenario)?.readBack)
        #expect(reader.requests.map(\.rowName) == ["GET /login", "GET /kv/${checked:key}"])
        #expect(reader.checkedKey == nil && reader.requests.allSatisfy { $0.think == nil })
        let log = try decode([Self.add, Self.list, Self.more]).scenarios[0]
        #expect(log.readBack?.requests.count == 2)
    }

    @Test(
        arguments: [
            ([put], "k", "5:5: nothing reads what \"s\" writes"),
            ([put, add, list], "k", "6:16: \"s\" has steps of a register"),
            ([get, more], "k", "6:16"), ([add, list, get], "k", "6:16"),
            ([add, more, list], "k", "a step with more must follow one with list"),
            (["request: { url: / }"], "k", "no step of \"s\" is checked"),
            ([get], nil, "its scenario has no key"),
            (["request: { url: '/${checked:key}' }"], nil, "the scenario is not checked"),
            (
                ["request: { url: '/${checked:value}', checked: { get: $.v } }"], "k",
                "is for a step"
            ),
            (
                ["request: { url: /, checked: put }", get], "k",
                "it must send ${checked:value} once"
            ),
            (["request: { url: '/${checked:next}', checked: { get: $.v } }"], "k", "is for a step"),
            (["request: { url: /, checked: patch }"], "k", "put, delete, add"),
            (["request: { url: /, checked: { list: $ } }"], "k", "list needs value"),
            (["request: { url: /, checked: { get: value } }"], "k", "is not a JSON path"),
            ([put, get], "", "a key has at least one character"),
            ([put, get], "${pod}", "value saved before this step"),
        ] as [([String], String?, String)])
    func `a mistake is named with its place`(steps: [String], key: String?, words: String) {
        #expect(throws: ProfileError.self) { try decode(steps, key: key) }
        do { _ = try decode(steps, key: key) } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test(arguments: [
        ("checked: { restart: perhaps }", "3:21: \"perhaps\" is not true or false"),
        ("checked: { refusals: { status: 200 } }", "a status from 400 to 599"),
        ("checked: { refusals: { header: A } }", "refusals need status"),
        ("checked: { refusal: 503 }", "did you mean refusals?"),
        ("objectives: [lost writes < 1]", "compared by ="),
        ("objectives: [lost writes = 1]", "\"1\" is not 0"),
        ("objectives: [wrong data = 0 in steady]", "remove `in ...`"),
    ])
    func `a wrong setting or objective says what is allowed`(text: String, words: String) {
        #expect(throws: ProfileError.self) { try decode([Self.put, Self.get], more: text) }
        do { _ = try decode([Self.put, Self.get], more: text) } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test func `an objective about data needs a scenario that is checked`() throws {
        let page = "request: { url: / }"
        let objective = "objectives: [wrong data = 0]"
        #expect(throws: ProfileError.self) { try decode([page], key: nil, more: objective) }
        let profile = try decode(
            [Self.put, Self.get], more: "objectives: [wrong data = 0, lost writes = 0]")
        #expect(profile.objectives.map(\.description) == ["wrong data = 0", "lost writes = 0"])
    }
}
