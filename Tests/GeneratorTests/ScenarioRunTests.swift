import Collector
import Glibc
import Histograms
import Measurements
import Profiles
import Testing

@testable import Generator

@Suite(.timeLimit(.minutes(20))) struct ScenarioRunTests {
    /// A profile of one scenario without a contract.
    func scenario(_ keys: String, steps: [String], more: String = "") -> String {
        let list = steps.joined(separator: ", ")
        return "contract: none\n\(more)\nscenarios: [{ s: { \(keys) steps: [\(list)] } }]"
    }

    func get(_ url: String, _ keys: String = "") -> String {
        "{ request: { url: \"\(url)\", name: \"\(url.dropFirst())\"\(keys) } }"
    }

    @Test func `a session sends what it has saved from body, header and expression`() async throws {
        let text = scenario(
            "",
            steps: [
                get(
                    "/a",
                    ", save: { p: $.x.y, t: { header: X-Token }, i: { regex: 'id=([0-9]+)' } }"),
                "{ request: { method: POST, url: '/b/${p}', headers: { T: '${t}' }, "
                    + "body: { i: '${i}', n: '${i|json}' } } }",
            ])
        let plan = try FakeRun.plan(try FakeRun.profile(text))
        let result = try await FakeRun.run(plan) { _, _ in
            var answer = FakeTarget.Answer.json(#"{"x":{"y":"q/\"ü"},"z":"id=77"}"#)
            answer.headers = [("x-token", "abc")]
            return answer
        }
        #expect(
            result.requests == [
                "GET /a HTTP/1.1\r\nHost: h:1\r\n\r\n",
                "POST /b/q%2F%22%C3%BC HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/json\r\n"
                    + "T: abc\r\nContent-Length: 17\r\n\r\n{\"i\":\"77\",\"n\":77}",
            ])
        #expect(result.outcomes == [.ok: 2])
    }

    /// However late the generator looks for what is too late.
    @Test func `a whole answer after the timeout is a timeout`() async throws {
        let text = scenario("", steps: [get("/a"), get("/b")], more: "limits: { timeout: 10s }")
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, turn in
            FakeTarget.Answer(isLate: turn == 1)
        }
        #expect(result.outcomes == [.ok: 1, .timeout: 1])
        #expect(result.snapshot.failures.first?.detail == "the whole answer came after the timeout")
    }

    @Test(arguments: [
        (", save: { p: $.no }", "nothing at $.no"), (", save: { p: { header: no } }", "no header"),
        (", save: { p: { regex: no } }", "does not match no"),
        (", expect: { status: 201 }", "status 200, expected 201"),
        (", expect: { status: [3xx, 404] }", "status 200, expected 3xx or 404"),
        (", expect: { body: no }", "expected \"no\""),
        (", expect: { contains: no }", "does not contain \"no\""),
        (", expect: { matches: '^no' }", "does not match ^no"),
        (", expect: { content type: text/no }", "expected text/no"),
        (", expect: { header: { A: no } }", "is \"yes\", expected \"no\""),
        (", expect: { header: { B: no } }", "is missing"),
        (", expect: { $.a: 2 }", "$.a is 1.0, expected 2"),
        (", expect: { $.b: '${user}x' }", "expected \"1x\""), (", expect: { $.c: 1 }", "at $.c"),
        (", expect: { time: 1ns }", "expected at most 1 ns"),
    ])
    func `what is not as expected fails, and the rest of the iteration is skipped`(
        keys: String, reason: String
    ) async throws {
        let text = scenario("", steps: [get("/a", keys), get("/b")])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            var answer = FakeTarget.Answer.json(#"{"a":1.0,"b":"1y"}"#)
            answer.headers = [("A", "yes")]
            return answer
        }
        #expect(result.requests.count == 1 && result.snapshot.counters.skipped == 1)
        let failure = try #require(result.snapshot.failures.first)
        #expect(failure.detail.contains(reason), "\(failure.detail)")
        let wanted: Outcome =
            keys.contains("status")
            ? .wrongStatus : keys.contains("time") ? .tooSlow : .wrongContent
        #expect(failure.outcome == wanted)
        #expect(
            result.snapshot.failureCounts.map(\.kind) == [
                FailureKind(
                    operation: "a", outcome: wanted, status: 200, error: kindOfFailure(keys))
            ])
        #expect(failure.kind == result.snapshot.failureCounts.first?.kind)
    }

    /// The few words for what a step asks for in vain.
    private func kindOfFailure(_ keys: String) -> String? {
        let words = [
            ("save: { p: $", "nothing at $.no"), ("save: { p: { header", "no header field no"),
            ("save: { p: { regex", "nothing to save"), ("status: 201", "expected 201"),
            ("status: [3xx", "expected 3xx or 404"), ("expect: { body", "body"),
            ("contains", "contains"), ("matches", "matches"), ("content type", "content type"),
            ("header: { A", "header field a"), ("header: { B", "header field b"), ("$.a", "$.a"),
            ("$.b", "$.b"), ("$.c", "$.c"), ("time", "later than 1 ns"),
        ]
        return words.first { keys.contains($0.0) }?.1
    }

    /// Else it would read no answer, and free no connection, until it has caught up.
    @Test func `a generator that is late goes on in portions`() async throws {
        let plan = try FakeRun.plan(
            try FakeRun.profile(
                scenario("", steps: [get("/a")]), load: "{ rate: 4000/s, for: 50ms }"))
        let result = try await FakeRun.run(plan, late: 100_000_000) { _, _ in
            FakeTarget.Answer()
        }
        #expect(result.requests.count == 200)
        #expect(result.maximumInATurn <= 32)
    }

    @Test func `what is as expected is right`() async throws {
        let text = scenario(
            "",
            steps: [
                get(
                    "/a",
                    ", expect: { status: 2xx, contains: '\"a\"', matches: 'b.:', content type: "
                        + "Application/JSON, header: { A: 'yes' }, $.a: 1, $.b: '${user}', "
                        + "time: 10s }")
            ])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) { _, _ in
            var answer = FakeTarget.Answer.json(#"{"a":1.0,"b":"1"}"#)
            answer.contentType = "application/json; charset=utf-8"
            answer.headers = [("A", "yes")]
            return answer
        }
        #expect(result.outcomes == [.ok: 1], "\(result.snapshot.failures)")
    }

    @Test func `choices take the branch that holds, and forget what an earlier iteration saved`()
        async throws
    {
        let text = scenario(
            "",
            steps: [
                get("/n", ", save: { n: { regex: '[0-9]+' } }"),
                "{ if: { value: '${n}', above: 1 }, "
                    + "then: [\(get("/more", ", save: { m: { regex: '.+' } }"))], "
                    + "else: [\(get("/less"))] }",
                "{ if: { value: '${m}', is not: '' }, then: [\(get("/m"))] }",
                "{ if: { value: '${n}${user}', equals: '2${user}' }, then: [\(get("/two"))] }",
                "{ if: { value: '${n}', matches: '^1$' }, then: [\(get("/one"))] }",
                "{ if: { value: '${n}', below: 1 }, then: [\(get("/none"))] }",
            ])
        let plan = try FakeRun.plan(
            try FakeRun.profile(text, load: "{ users: 1, iterations per user: 3, for: 20s }"))
        let numbers = ["2", "1", "0"]
        let result = try await FakeRun.run(plan) { request, count in
            let isNumber = request.hasPrefix("GET /n ")
            let index = count == 0 ? 0 : count < 6 ? 1 : 2
            return FakeTarget.Answer(body: Array((isNumber ? numbers[index] : "x").utf8))
        }
        #expect(
            result.lines.map { $0.split(separator: " ")[1] } == [
                "/n", "/more", "/m", "/two", "/n", "/less", "/one", "/n", "/less", "/none",
            ])
    }

    @Test func `repetitions go round so often, or until their condition holds`() async throws {
        let text = scenario(
            "",
            steps: [
                "{ repeat: 2, steps: [\(get("/a")), { repeat: 3, steps: [\(get("/b"))] }] }",
                "{ repeat: 9, until: { value: '${s}', equals: done }, "
                    + "steps: [\(get("/c", ", save: { s: { regex: '.+' } }"))] }",
            ])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) {
            _, count in
            FakeTarget.Answer(body: Array((count == 9 ? "done" : "busy").utf8))
        }
        #expect(
            result.lines.map { $0.split(separator: " ")[1] } == [
                "/a", "/b", "/b", "/b", "/a", "/b", "/b", "/b", "/c", "/c",
            ])
    }

    @Test func `a failure counts every request that the iteration would still have sent`()
        async throws
    {
        let text = scenario(
            "",
            steps: [
                "{ repeat: 5, steps: [\(get("/a")), \(get("/b"))] }",
                "{ repeat: 2, steps: [\(get("/c"))] }",
            ])
        let result = try await FakeRun.run(try FakeRun.plan(try FakeRun.profile(text))) {
            _, count in
            FakeTarget.Answer(status: count == 2 ? 500 : 200)
        }
        // The third is /a of the second round: /b, three rounds of two, and two of /c are left.
        #expect(result.requests.count == 3 && result.snapshot.counters.skipped == 1 + 3 * 2 + 2)
    }

    @Test func `cookies are kept by users, and each arrival begins without`() async throws {
        let text = scenario("cookies: true,", steps: [get("/a"), get("/b")])
        /// The requests as their path and the cookie that they bring, in order.
        func cookies(_ load: String) async throws -> [String] {
            let plan = try FakeRun.plan(try FakeRun.profile(text, load: load))
            return try await FakeRun.run(plan) { _, count in
                FakeTarget.Answer(headers: [("Set-Cookie", "n=\(count); Path=/")])
            }.requests.map { request in
                let lines = request.split(separator: "\r\n")
                let cookie = lines.first { $0.hasPrefix("Cookie") } ?? "no cookie"
                return "\(lines[0].split(separator: " ")[1]) \(cookie)"
            }
        }
        #expect(
            try await cookies("{ users: 1, iterations per user: 2, for: 20s }")
                == ["/a no cookie", "/b Cookie: n=0", "/a Cookie: n=1", "/b Cookie: n=2"])
        // Two visitors, who may come together: each brings what its own first answer gave.
        let arrivals = try await cookies("{ rate: 20/s, for: 100ms }")
        let given = arrivals.indices.filter { arrivals[$0] == "/a no cookie" }
        #expect(given.count == 2 && arrivals.count == 4)
        #expect(
            arrivals.filter { $0.hasPrefix("/b") }.sorted()
                == given.map { "/b Cookie: n=\($0)" }.sorted())
    }

    @Test func `an arrival for which no row is left is not started, and counted`() async throws {
        let text = scenario(
            "", steps: [get("/${d.a}")],
            more: "data: [{ d: { file: DATA, order: once } }]")
        let file = try TemporaryFile("a\nx\ny\nz\n", ending: ".csv")
        let profile = try FakeRun.profile(
            text.replacing("DATA", with: file.path), load: "{ rate: 100/s, for: 100ms }")
        let open = try await FakeRun.run(try FakeRun.plan(profile)) { _, _ in FakeTarget.Answer() }
        #expect(open.lines.map { $0.split(separator: " ")[1] } == ["/x", "/y", "/z"])
        #expect(open.snapshot.counters.started == 3 && open.snapshot.counters.unfed == 7)
        let closed = try FakeRun.profile(
            text.replacing("DATA", with: file.path), load: "{ users: 2, for: 20s }")
        let result = try await FakeRun.run(try FakeRun.plan(closed)) { _, _ in FakeTarget.Answer() }
        #expect(result.requests.count == 3 && result.snapshot.counters.unfed == 2)
    }

    @Test func `random values repeat with the seed, unique ones do not`() async throws {
        func sent(seed: Int, shards: Int) async throws -> [String] {
            let text = scenario(
                "", steps: [get("/${iteration}/${int(1,1000000)}/${string(20)}/${uuid}")],
                more: "seed: \(seed)")
            let plan = try FakeRun.plan(
                try FakeRun.profile(text, load: "{ rate: 200/s, for: 100ms }"))
            var lines: [String] = []
            for index in 0..<shards {
                lines += try await FakeRun.run(
                    plan, share: LoadShare(index: index, count: shards)
                ) { _, _ in FakeTarget.Answer() }.lines
            }
            return lines.sorted()
        }
        func seeded(_ lines: [String]) -> [String] {
            lines.map { $0.split(separator: "/").prefix(4).joined(separator: "/") }
        }
        let first = try await sent(seed: 1, shards: 1)
        let second = try await sent(seed: 1, shards: 2)
        #expect(first.count == 20 && Set(first).count == 20)
        #expect(seeded(first) == seeded(second))
        #expect(Set(first).isDisjoint(with: second))
        #expect(seeded(try await sent(seed: 2, shards: 1)) != seeded(first))
    }
}
