import Contracts
import FoundationEssentials
import JSON
import Testing

@testable import Profiles

@Suite struct ScenarioDecoderTests {
    static let load = "load: [{ steady: { rate: 10/s, for: 1s } }]\n"

    private func decode(_ text: String, folder: String? = nil) throws -> Profile {
        var decoder = ProfileDecoder(folder: folder) { name throws(ContractError) in
            try Contract(builtIn: name)
        }
        return try decoder.decode(Self.load + text, file: "t.yaml", name: "t").profile
    }

    private func problems(_ text: String, folder: String? = nil) -> [String] {
        do {
            _ = try decode(text, folder: folder)
            return []
        } catch { return "\(error)".split(separator: "\n").map(String.init) }
    }

    /// The steps of one scenario.
    private func steps(_ yaml: String) -> String {
        "scenarios:\n  - s:\n      steps:\n"
            + yaml.split(separator: "\n").map { "        \($0)\n" }.joined()
    }

    private let everything = """
        contract: moonbase-v0
        data:
          - users: { file: users.csv, order: shuffled }
        scenarios:
          - session:
              weight: 3
              think: { uniform: [10ms, 20ms] }
              pacing: 1s
              cookies: true
              steps:
                - group: checkout
                  steps:
                    - createPod:
                        name: create
                        body: { process: libp2p, n: "${int(1,9)|json}" }
                        save:
                          pod: $.podId.name
                          token: { header: X-Token }
                          id: { regex: 'id=([0-9]+)' }
                        think: { normal: 5ms, deviation: 1ms }
                    - if: { value: "${pod}", equals: "x" }
                      then: [ping]
                      else:
                        - repeat: 3
                          until: { value: "${id}", above: 7 }
                          steps:
                            - describePod: { path: { id: "${pod}" } }
                - if: { chance: 30% }
                  then:
                    - think: { exponential: 3ms }
                    - request:
                        method: POST
                        url: "/login?x=${users.name}"
                        name: login
                        query: { y: "${string(8)}" }
                        headers: { X-Time: "${iso}", Content-Type: a/b }
                        form: { user: "${users.name}", at: "${timestamp_ms}" }
                        expect:
                          status: [200, 3xx]
                          body: pong
                          contains: p
                          matches: '^\\w+$'
                          content type: text/plain
                          header: { X-A: "${token}" }
                          $.a[0].b: "${id}"
                          $.n: 3
                          time: 50ms
                - request: { method: PUT, url: /raw, text: "a ${uuid}", content type: text/x }
                - request: { method: PUT, url: /file, body file: a.bin }
                - request:
                    method: POST
                    url: /parts
                    multipart:
                      title: "t ${user}"
                      note: { value: "n", type: text/x }
                      upload: { file: a.png, name: b.png, type: image/png }
        objectives: [p(95) < 10ms on login, error rate < 1% on create]
        """

    @Test func `the evidence's form of every key is read back as the same profile`() throws {
        let profile = try decode(everything)
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let again = try decoder.decode(profile.json.text, file: "run.json", name: "t").profile
        #expect(again == profile)
        #expect(again.scenarios[0].requests.count == 7)
        #expect(again.scenarios[0].groups == ["checkout"])
    }

    @Test func `a session's parts are what the text says`() throws {
        let scenario = try decode(everything).scenarios[0]
        #expect(scenario.think == .uniform(from: .milliseconds(10), to: .milliseconds(20)))
        #expect(scenario.pacing == .constant(.seconds(1)) && scenario.keepsCookies)
        let create = scenario.requests[0]
        #expect(create.rowName == "create" && create.operation == "createPod")
        #expect(create.save.map(\.variable) == ["pod", "token", "id"])
        let login = try #require(scenario.requests.first { $0.name == "login" })
        #expect(login.expect.statuses == [200...200, 300...399])
        #expect(login.expect.time == .milliseconds(50))
        #expect(login.expect.values.map(\.value) == [.string("${id}"), .integer(3)])
        guard case .choice(.chance(let share), let then, _) = scenario.steps[1] else {
            Issue.record("\(scenario.steps[1])")
            return
        }
        #expect(share == 0.3 && then.count == 2)
    }

    @Test(arguments: [
        ("- pong", "\"pong\" is not an operation of the contract; did you mean ping?"),
        ("- group: a", "a group needs steps"),
        ("- group: \"\"\n  steps: [ping]", "\"\" is not a name"),
        ("- group: a\n  step: [ping]", "did you mean steps?"),
        ("- repeat: 0\n  steps: [ping]", "\"0\" is not a whole number from 1"),
        ("- repeat: 2\n  steps: []", "a list of at least one step"),
        ("- if: { value: x }\n  then: [ping]", "expected"),
        ("- if: { value: x, equals: y, below: 3 }\n  then: [ping]", "expected"),
        ("- if: { chance: 200% }\n  then: [ping]", "\"200%\" is not a chance"),
        ("- if: { value: x, chance: 20% }\n  then: [ping]", "expected"),
        ("- if: { value: x, matches: '(' }\n  then: [ping]", "is not a regular expression"),
        ("- if: { value: x, equals: y }", "a choice needs then"),
        ("- think: soon", "\"soon\" is not a duration"),
        ("- think: 1s", "the scenario \"s\" sends no request"),
        ("- request: { url: /a }\n- request: { method: get, url: /a }", "\"get\" is not a method"),
        ("- request: { method: GET }", "a request needs url"),
        ("- request: { method: GET, url: 'http://b/' }", "is not a path from the root"),
        ("- request: { url: '/a b' }", "is not a path from the root"),
        ("- request: { url: /a, name: ping }", "\"ping\" is an operation of the contract"),
        ("- request: { url: /a, body: 1, text: a }", "has body and text"),
        ("- request: { url: /a, headers: { Content-Length: 1 } }", "cannot be set by hand"),
        ("- request: { url: /a, headers: { 'a b': 1 } }", "is no header field"),
        ("- request: { url: /a, content type: text }", "\"text\" is not a media type"),
        ("- request: { url: /a, multipart: {} }", "names with values or files"),
        ("- request: { url: /a, multipart: { a: {} } }", "either file or value"),
        ("- request: { url: '/${x}' }", "\"${x}\" is not a value saved before this step"),
        ("- request: { url: '/${users.name}' }", "\"users\" is not a name of data"),
        ("- request: { url: '/${int(5,1)}' }", "wants two whole numbers"),
        ("- request: { url: '/${string(0)}' }", "wants a length from 1"),
        ("- request: { url: '/${float(1)}' }", "is no built-in"),
        ("- request: { url: '/${uuid' }", "has ${ without its }"),
        ("- request: { url: '/${uuid|json}' }", "only be a whole text of a JSON body"),
        ("- ping: { body: { a: 'x${uuid|json}' } }", "only be a whole text of a JSON body"),
        ("- ping: { save: { uuid: $.a } }", "is the name of a built-in value"),
        ("- ping: { save: { 'a.b': $.a } }", "is no name"),
        ("- ping: { save: { a: b } }", "is not a JSON path"),
        ("- ping: { save: { a: { regex: '(' } } }", "is not a regular expression"),
        ("- ping: { save: { a: { header: 'a b' } } }", "is not the name of a header field"),
        ("- ping: { save: { a: { header: a, regex: b } } }", "expected"),
        ("- ping: { expect: { status: 99 } }", "\"99\" is not a status"),
        ("- ping: { expect: { stats: 200 } }", "did you mean status?"),
        ("- ping: { expect: { $..a: 200 } }", "is not a JSON path"),
        ("- ping: { expect: { time: never } }", "\"never\" is not a duration"),
        ("- ping: { expect: { matches: '[' } }", "is not a regular expression"),
    ])
    func `a wrong step says what is wrong and what is allowed`(yaml: String, reason: String) {
        let found = problems(steps(yaml))
        #expect(found.contains { $0.contains(reason) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("t.yaml:") }, "\(found)")
    }

    @Test func `steps nested without end are refused`() {
        var yaml = "[ping]"
        for _ in 0..<20 { yaml = "[{ repeat: 2, steps: \(yaml) }]" }
        let found = problems("scenarios: [{ s: { steps: \(yaml) } }]")
        #expect(found.contains { $0.contains("nested deeper than 16 levels") }, "\(found)")
    }

    @Test func `without a contract there are requests alone`() throws {
        let profile = try decode(
            "contract: none\n" + steps("- request: { url: \"/a?b=1\" }")
                + "objectives: [error rate < 1% on GET /a]")
        #expect(profile.scenarios[0].requests[0].rowName == "GET /a")
        let found = problems("contract: none\n" + steps("- ping"))
        #expect(found.contains { $0.contains("allowed: request") }, "\(found)")
        #expect(problems("contract: none").contains { $0.contains("the profile needs scenarios") })
    }

    // MARK: Files

    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scenarios-\(UUID())")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        try body(folder)
    }

    @Test func `a method with a path is a request`() throws {
        let short = try decode(
            "contract: none\n"
                + steps(
                    """
                    - GET /a?from=${iteration}
                    - POST /b: { text: hello, name: greet }
                    - \"DELETE /c\":
                    """))
        let long = try decode(
            "contract: none\n"
                + steps(
                    """
                    - request: { url: "/a?from=${iteration}" }
                    - request: { method: POST, url: /b, text: hello, name: greet }
                    - request: { method: DELETE, url: /c }
                    """))
        #expect(short.scenarios == long.scenarios)
        #expect(
            problems(
                "contract: none\n"
                    + steps(
                        """
                        - get /a
                        - GET /ä
                        - GET /${nobody}
                        - GET /a: { ur: x }
                        """)
            ).map { $0.split(separator: ";").first.map(String.init) ?? "" } == [
                "t.yaml:6:11: \"get\" is not a method in capitals, as in GET",
                "t.yaml:7:11: \"/ä\" is not a path from the root of the target, as in /path?x=1",
                "t.yaml:8:11: \"${nobody}\" is not a value saved before this step",
                "t.yaml:9:21: \"ur\" is not a key of a request",
            ])
    }

    @Test func `files are found beside the profile and their columns are checked`() throws {
        try withFolder(["u.csv": "name,pass\na,b\n", "b.bin": "xyz"]) { folder in
            let good = """
                data: [{ users: { file: u.csv } }]
                scenarios:
                  - s: { steps: [{ request: { url: "/${users.name}", body file: b.bin } }] }
                """
            let profile = try decode(good, folder: folder)
            #expect(profile.data[0].file == "\(folder)/u.csv")
            #expect(profile.data[0].table?.rowCount == 1)
            #expect(profile.scenarios[0].requests[0].body == .file("\(folder)/b.bin"))
            let wrong = problems(
                good.replacing("users.name", with: "users.nam").replacing("b.bin", with: "c.bin"),
                folder: folder)
            #expect(wrong.contains { $0.contains("did you mean name?") }, "\(wrong)")
            #expect(wrong.contains { $0.contains("c.bin cannot be read") }, "\(wrong)")
        }
    }

    @Test func `a mistake in a data file is at its own line`() throws {
        try withFolder(["u.csv": "name,pass\na,b\nc\n", "v.txt": "a"]) { folder in
            let found = problems(
                """
                data:
                  - users: { file: u.csv }
                  - more: { file: none.csv }
                  - other: { file: v.txt }
                  - users: { file: u.csv, order: backwards }
                  - bare: {}
                """, folder: folder)
            for part in [
                "\(folder)/u.csv:3:1: 1 cells, where the first line names 2 columns",
                "none.csv cannot be read", "ends in .csv or .json",
                "the data \"users\" is defined twice", "\"backwards\" is not an order",
                "data needs a file",
            ] { #expect(found.contains { $0.contains(part) }, "\(part) in \(found)") }
        }
    }

    @Test func `rows are partitioned over a known number of users alone`() throws {
        try withFolder(["u.csv": "name\na\nb\n"]) { folder in
            func problems(load: String) -> [String] {
                var decoder = ProfileDecoder(folder: folder) { name throws(ContractError) in
                    try Contract(builtIn: name)
                }
                do {
                    _ = try decoder.decode(
                        "load: [{ p: \(load) }]\n"
                            + "data: [{ users: { file: u.csv, order: partitioned } }]",
                        file: "t.yaml", name: "t")
                    return []
                } catch { return error.problems.map(\.message) }
            }
            #expect(problems(load: "{ users: 2, for: 1s }") == [])
            #expect(
                problems(load: "{ users: 3, for: 1s }").contains {
                    $0.contains("has 2 rows to be partitioned over 3 users")
                })
            #expect(
                problems(load: "{ rate: 3/s, for: 1s }").contains {
                    $0.contains("no fixed number of them")
                })
        }
    }
}
