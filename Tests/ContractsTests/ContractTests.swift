import JSON
import Testing

@testable import Contracts

@Suite struct ContractTests {
    private func contract(_ paths: String, head: String = "openapi: 3.1.0") throws -> Contract {
        try Contract(openAPI: "\(head)\npaths:\n\(paths)", file: "api.yaml")
    }

    private func problem(_ text: String) -> String {
        do {
            _ = try Contract(openAPI: text, file: "api.yaml")
            return ""
        } catch { return error.description }
    }

    @Test func `the built-in contract has the operations that its document names`() throws {
        let contract = try Contract(builtIn: "moonbase-v0")
        #expect(contract.basePath == "/api/v0")
        #expect(contract.operations.count > 25)
        let describe = try #require(contract.operations["describePod"])
        #expect(describe.method == "GET" && describe.pathParameters == ["id"])
        #expect(describe.path.first == .literal("/pod/"))
        #expect(describe.documentedStatuses.contains(200))
        #expect(try #require(contract.operations["createPod"]).bodySchema != nil)
    }

    @Test func `upstream leaves out the checks of a body that a published node answers otherwise`()
        throws
    {
        let body = Array(#"{"message":"published"}"#.utf8)
        func check(_ name: String) throws -> CheckResult {
            let operation = try #require(try Contract(builtIn: name).operations["publish"])
            return operation.check(
                status: 200, contentType: "application/json", body: body, expectedStatus: nil)
        }
        #expect(try check("upstream") == .right)
        #expect(try check("moonbase-v0") == .wrongContent("$ has no delivered"))
    }

    @Test func `a name that is no contract says which there are`() {
        #expect {
            _ = try Contract(builtIn: "mars")
        } throws: { error in
            "\(error)" == "mars: no such contract; there are moonbase-v0, upstream, none"
        }
    }

    @Test(arguments: [
        ("a: [", "api.yaml: 2:1: did not find expected node content"),
        ("a: 1", "api.yaml: not an OpenAPI document: it needs openapi and paths"),
        ("openapi: 3.1.0", "api.yaml: not an OpenAPI document: it needs openapi and paths"),
        ("openapi: 2.0\npaths: {}", "api.yaml: openapi: OpenAPI 2.0 is not taken; 3.0 and 3.1 are"),
    ])
    func `a document that cannot be used says where and why`(text: String, message: String) {
        #expect(problem(text) == message)
    }

    @Test(arguments: [
        (
            "{ get: { operationId: x }, put: { operationId: x } }",
            "x: the operationId is there twice; only the first one is taken"
        ),
        (
            "{ get: { operationId: x, responses: { '20': {} } } }",
            "GET /a: 20 is no status; allowed are 100 to 599, 1XX to 5XX, default"
        ),
        (
            "{ get: { operationId: x, parameters: [ { in: query } ] } }",
            "/a: a parameter needs name and in"
        ),
        (
            "{ get: { operationId: x, responses: { '200': { $ref: '#/none' } } } }",
            "#/none: it refers to nothing"
        ),
    ])
    func `a part that cannot be used is left unchecked, and the rest is taken`(
        path: String, note: String
    ) throws {
        let text = "openapi: 3.0.3\npaths: { /a: \(path) }"
        let contract = try Contract(openAPI: text, file: "api.yaml")
        #expect(contract.unchecked == [note])
        #expect(contract.operations.keys.sorted() == ["x"])
    }

    @Test func `an operation without an id has the name of its method and path`() throws {
        let text = "openapi: 3.0.3\npaths: { '/a/{id}': { get: {} }, x-note: {} }"
        let contract = try Contract(openAPI: text, file: "api.yaml")
        #expect(contract.operations.keys.sorted() == ["GET /a/{id}"])
        #expect(contract.unchecked.isEmpty)
    }

    @Test func `aliases and merged mappings are taken, up to a bound`() throws {
        let text = """
            openapi: 3.0.3
            x-common: &common
              content: { application/json: { schema: &s { type: string } } }
            paths:
              /a: { get: { responses: { '200': *common, '201': { <<: *common, x: 1 } } } }
              /b:
                get:
                  responses: { '200': { content: { application/json: { schema: *s } } } }
            """
        let contract = try Contract(openAPI: text, file: "api.yaml")
        for (id, status) in [("GET /a", 200), ("GET /a", 201), ("GET /b", 200)] {
            let result = contract.operations[id]?.check(
                status: status, contentType: "application/json", body: Array("1".utf8),
                expectedStatus: nil)
            #expect(result == .wrongContent("$ is not of type string"))
        }
        let bomb = (1...30).reduce("a0: &a0 [x, x]\n") {
            $0 + "a\($1): &a\($1) [*a\($1 - 1), *a\($1 - 1)]\n"
        }
        #expect(problem(bomb).contains("more than 1000000 nodes") == true)
    }

    @Test(arguments: [
        ("text/plain", "x", true), ("application/json", "1", false),
        ("application/json; charset=utf-8", "\"a\"", true), ("image/png", "x", true),
        ("application/problem+json", "1", false), ("application/problem+json", "{}", true),
        ("video/mp4", "x", false),
    ])
    func `an answer may have one of several media types`(
        type: String, body: String, isRight: Bool
    ) throws {
        let operation = try #require(
            try contract(
                """
                  /a:
                    get:
                      responses:
                        '200':
                          content:
                            image/*: {}
                            text/plain: {}
                            application/json: { schema: { type: string } }
                            application/problem+json: { schema: { type: object } }
                """
            ).operations["GET /a"])
        let result = operation.check(
            status: 200, contentType: type, body: Array(body.utf8), expectedStatus: nil)
        #expect((result == .right) == isRight, "\(result)")
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/api/v0/", "/api/v0"), ("http://h", ""), ("/v1", "/v1"), ("/", ""),
        ("https://h:1/", ""),
    ])
    func `the base path is the path of the first server`(url: String, path: String) throws {
        let head = "openapi: 3.0.0\nservers: [ { url: '\(url)' }, { url: /second } ]"
        #expect(try contract("  /a: {}", head: head).basePath == path)
    }

    private static let document = """
          /things/{id}/parts:
            parameters:
              - { name: id, in: path, required: true, schema: { type: string } }
            post:
              operationId: addPart
              parameters: [ { name: dry, in: query, schema: { type: boolean } } ]
              requestBody:
                content:
                  application/json:
                    schema: { type: object, required: [size] }
                    examples: { small: { value: { size: 1 } } }
              responses:
                '201':
                  content:
                    application/json:
                      schema: { type: object, required: [ok] }
                2XX: { content: { text/plain: { schema: { type: string } } } }
                '204': { description: nothing }
                '404': { content: { application/json: { schema: { required: [error] } } } }
            head: { operationId: lookAtPart, responses: { '200': { content: { text/html: {} } } } }
          /text:
            get:
              operationId: fixed
              responses: { '200': { content: { text/plain: { schema: { const: pong } } } } }
        """

    @Test func `an operation has its path, its parameters and its example`() throws {
        let operation = try #require(try contract(Self.document).operations["addPart"])
        #expect(operation.method == "POST")
        #expect(
            operation.path == [.literal("/things/"), .parameter("id"), .literal("/parts")])
        #expect(operation.parameters.map(\.name) == ["id", "dry"])
        #expect(operation.parameters.map(\.isRequired) == [true, false])
        #expect(operation.parameters.map(\.location) == ["path", "query"])
        #expect(operation.exampleBody == .object([.init("size", .integer(1))]))
        #expect(operation.bodySchema?.problem(with: .object([])) == "$ has no size")
        #expect(operation.documentedStatuses == [201, 204, 404])
    }

    @Test(
        arguments: [
            (201, "application/json", #"{"ok":1}"#, nil, .right),
            (201, "Application/JSON; charset=utf-8", #"{"ok":1}"#, nil, .right),
            (201, "application/json", "{}", nil, .wrongContent("$ has no ok")),
            (
                201, "text/plain", "x", nil,
                .wrongContent("content type \"text/plain\", expected application/json")
            ),
            (
                201, "application/json", "{", nil,
                .wrongContent(
                    "the body is not JSON: line 1, column 2: a name is expected, not the end"
                )
            ),
            (204, "", "", nil, .right), (202, "text/plain", "anything", nil, .right),
            (404, "application/json", "gone", nil, .wrongStatus("status 404: gone")),
            (302, "", "", nil, .wrongStatus("status 302")),
            (201, "application/json", #"{"ok":1}"#, 204, .wrongStatus("status 201, expected 204")),
            (404, "application/json", #"{"error":"x"}"#, 404, .right),
            (404, "application/json", "{}", 404, .wrongContent("$ has no error")),
            (418, "", "teapot", 418, .right),
        ] as [(Int, String, String, Int?, CheckResult)])
    func `an answer is judged by status, then type, then body`(
        status: Int, type: String, body: String, expected: Int?, result: CheckResult
    ) throws {
        let operation = try #require(try contract(Self.document).operations["addPart"])
        #expect(
            operation.check(
                status: status, contentType: type, body: Array(body.utf8), expectedStatus: expected)
                == result)
    }

    @Test func `a fixed body is compared whole, and HEAD has none`() throws {
        let operations = try contract(Self.document).operations
        func check(_ name: String, _ body: String) throws -> CheckResult {
            try #require(operations[name]).check(
                status: 200, contentType: "text/plain", body: Array(body.utf8), expectedStatus: nil)
        }
        #expect(try check("fixed", "pong") == .right)
        #expect(
            try check("fixed", "pong\n")
                == .wrongContent("the body is not the one right body: pong\n"))
        #expect(try check("lookAtPart", "") == .right)
    }
}
