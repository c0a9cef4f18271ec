import Contracts
import Profiles
import Testing

@testable import Generator
@testable import Requests

@Suite(.timeLimit(.minutes(20))) struct RequestCompilerTests {
    /// The one request that a step sends.
    private func request(_ step: String, contract: String = "none") async throws -> String {
        let plan = try FakeRun.plan(
            try FakeRun.profile("contract: \(contract)\nscenarios: [{ s: { steps: [\(step)] } }]"))
        return try await FakeRun.run(plan) { _, _ in FakeTarget.Answer() }.requests.joined()
    }

    @Test(arguments: [
        (
            "{ request: { url: '/a?b=c%20' } }",
            "GET /a?b=c%20 HTTP/1.1\r\nHost: h:1\r\n\r\n"
        ),
        (
            "{ request: { url: '/a?b=1', query: { 'c d': 'e&f' } } }",
            "GET /a?b=1&c%20d=e%26f HTTP/1.1\r\nHost: h:1\r\n\r\n"
        ),
        (
            "{ request: { method: DELETE, url: /a, headers: { Host: me, A: 'b${user}' } } }",
            "DELETE /a HTTP/1.1\r\nHost: me\r\nA: b1\r\n\r\n"
        ),
        (
            "{ request: { method: PUT, url: /a } }",
            "PUT /a HTTP/1.1\r\nHost: h:1\r\nContent-Length: 0\r\n\r\n"
        ),
        (
            "{ request: { method: POST, url: /a, text: 'é${user}' } }",
            "POST /a HTTP/1.1\r\nHost: h:1\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + "Content-Length: 3\r\n\r\né1"
        ),
        (
            "{ request: { method: POST, url: /a, content type: a/b, text: '' } }",
            "POST /a HTTP/1.1\r\nHost: h:1\r\nContent-Type: a/b\r\nContent-Length: 0\r\n\r\n"
        ),
        (
            "{ request: { method: POST, url: /a, headers: { content-type: c/d }, body: [1, a] } }",
            "POST /a HTTP/1.1\r\nHost: h:1\r\ncontent-type: c/d\r\nContent-Length: 7\r\n\r\n"
                + "[1,\"a\"]"
        ),
        (
            "{ request: { method: POST, url: /a, form: { 'a b': 'c=${user}&', d: '' } } }",
            "POST /a HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: 17\r\n\r\na%20b=c%3D1%26&d="
        ),
    ])
    func `a request is written as it goes over the wire`(step: String, wanted: String) async throws
    {
        #expect(try await request(step) == wanted)
    }

    @Test func `compression is asked for where the profile wants it, unless a step asks itself`()
        async throws
    {
        func sent(_ step: String) async throws -> String {
            let profile = "network: { compression: true }\ncontract: none\n"
            let plan = try FakeRun.plan(
                try FakeRun.profile(profile + "scenarios: [{ s: { steps: [\(step)] } }]"))
            return try await FakeRun.run(plan) { _, _ in FakeTarget.Answer() }.requests.joined()
        }
        #expect(
            try await sent("{ request: { url: /a } }")
                == "GET /a HTTP/1.1\r\nHost: h:1\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
        )
        #expect(
            try await sent("{ request: { url: /a, headers: { accept-encoding: br } } }")
                == "GET /a HTTP/1.1\r\nHost: h:1\r\naccept-encoding: br\r\n\r\n")
    }

    @Test func `an operation has the contract's method, path and example`() async throws {
        let sent = try await request(
            "{ describePod: { path: { id: 'a/b' }, query: { info: status } } }",
            contract: "moonbase-v0")
        #expect(sent == "GET /api/v0/pod/a%2Fb?info=status HTTP/1.1\r\nHost: h:1\r\n\r\n")
    }

    @Test func `a request beside a contract begins at the root of the target`() async throws {
        let sent = try await request("{ request: { url: /x } }", contract: "moonbase-v0")
        #expect(sent.hasPrefix("GET /x HTTP/1.1\r\n"))
    }

    @Test func `files go as they are, multipart with a boundary that stands in none of them`()
        async throws
    {
        let file = try TemporaryFile("x${user}\u{0}y", ending: ".json")
        let sent = try await request(
            "{ request: { method: POST, url: /a, body file: '\(file.path)' } }")
        #expect(
            sent == "POST /a HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\n"
                + "Content-Length: 10\r\n\r\nx${user}\u{0}y")
        let parts = try await request(
            "{ request: { method: POST, url: /a, multipart: { t: '${user}', v: { value: w, type: "
                + "a/b }, f: { file: '\(file.path)', name: n.bin, type: c/d } } } }")
        let halves = parts.split(separator: "\r\n\r\n", maxSplits: 1)
        let head = try #require(halves.first)
        let start = try #require(head.firstRange(of: "boundary="))
        let boundary = String(head[start.upperBound...].prefix { !$0.isNewline })
        let body =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n1\r\n"
            + "--\(boundary)\r\nContent-Disposition: form-data; name=\"v\"\r\nContent-Type: a/b"
            + "\r\n\r\nw\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"f\"; "
            + "filename=\"n.bin\"\r\nContent-Type: c/d\r\n\r\nx${user}\u{0}y\r\n--\(boundary)--\r\n"
        #expect(halves.last.map(String.init) == body)
        #expect(head.contains("Content-Length: \(body.utf8.count)"))
    }

    @Test func `a secret that is not there, and a file that is gone, are said before the run`() {
        for (step, reason) in [
            ("{ request: { url: '/${env:NO_SUCH_VARIABLE}' } }", "has no NO_SUCH_VARIABLE"),
            ("{ request: { url: /a, body file: /no/such/file } }", "/no/such/file cannot be read"),
        ] {
            #expect {
                try FakeRun.plan(
                    try FakeRun.profile("contract: none\nscenarios: [{ s: { steps: [\(step)] } }]"))
            } throws: { "\($0)".contains(reason) }
        }
    }
}
