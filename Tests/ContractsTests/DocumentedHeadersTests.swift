import Testing

@testable import Contracts

@Suite struct DocumentedHeadersTests {
    private func operation() throws -> Operation {
        let contract = try Contract(
            openAPI: """
                openapi: 3.1.0
                paths:
                  /a:
                    get:
                      operationId: get
                      responses:
                        '200':
                          description: fine
                          headers:
                            X-Count: { required: true, schema: { type: integer, minimum: 1 } }
                            X-Mode: { schema: { enum: [fast, slow] } }
                            Content-Type: { required: true, schema: { enum: [never] } }
                        '503':
                          description: busy
                          headers: { Retry-After: { $ref: '#/components/headers/Retry' } }
                components:
                  headers: { Retry: { required: true, schema: { type: integer } } }
                """, file: "test")
        return try #require(contract.operations["get"])
    }

    @Test(arguments: [
        (200, ["x-count": "3"], nil), (200, ["x-count": "3", "x-mode": "fast"], nil),
        (200, [:], "no header field x-count"), (200, ["x-count": "0"], "x-count is 0, below 1"),
        (200, ["x-count": "many"], "x-count is not of type integer"),
        (200, ["x-count": "1", "x-mode": "idle"], "x-mode is not one of"),
        (503, [:], "no header field retry-after"), (503, ["retry-after": "1"], nil),
        (404, [:], nil),
    ])
    func `documented fields are judged, Content-Type is not`(
        status: Int, fields: [String: String], problem: String?
    ) throws {
        let result = try operation().checkHeaders(status: status) { fields[$0] }
        switch result {
        case .right: #expect(problem == nil)
        case .wrongContent(let detail):
            #expect(detail.contains(problem ?? "nothing"), "\(detail)")
        case .wrongStatus: Issue.record("\(result)")
        }
    }

    @Test func `fields are wanted only where an answer that has them can be right`() throws {
        let operation = try operation()
        #expect(operation.documentsHeaders(of: []))
        #expect(operation.documentsHeaders(of: [503...503]))
        #expect(!operation.documentsHeaders(of: [404...404]))
        let ping = try #require(try Contract(builtIn: "moonbase-v0").operations["ping"])
        #expect(!ping.documentsHeaders(of: []))
    }
}
