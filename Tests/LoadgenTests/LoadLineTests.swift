import ArgumentParsing
import Profiles
import Testing

@testable import loadgen

@Suite struct LoadLineTests {
    private func line(_ words: String...) throws -> LoadLine {
        try LoadLine(Arguments(words, for: RunCommand.syntax))
    }

    private func profile(_ line: LoadLine) throws -> Profile {
        try ProfileLibrary.decode(line.profile, file: "line", name: line.name, base: ".").profile
    }

    private func problem(_ words: String...) -> String {
        do {
            let line = try LoadLine(Arguments(words, for: RunCommand.syntax))
            _ = try profile(line)
            return ""
        } catch { return "\(error)" }
    }

    @Test func `a URL alone is a gentle rate on its path`() throws {
        let line = try line("http://127.0.0.1:8080/hello?a=1&b=${iteration}")
        let profile = try profile(line)
        #expect(profile.name == "127.0.0.1-8080-hello-a-1-b-iteration")
        #expect(profile.target == .url("http://127.0.0.1:8080"))
        #expect(profile.load.map(\.name) == ["load"] && profile.load[0].duration == .seconds(10))
        #expect(profile.load[0].model.highestRate?.perSecond == 50)
        #expect(profile.scenarios.map(\.name) == ["GET /hello?a=1&b=${iteration}"])
        #expect(profile.objectives.isEmpty)
    }

    @Test func `rate, duration, ramp and objectives are the profile's`() throws {
        let profile = try profile(
            line(
                "http://localhost", "-r", "200/s", "-d", "30s", "--ramp=5s", "-o", "p(99) < 20ms",
                "-o", "error rate < 1%"))
        #expect(profile.load.map(\.name) == ["warm up", "load"])
        #expect(profile.load.map(\.isJudged) == [false, true])
        #expect(profile.load.map(\.duration) == [.seconds(5), .seconds(30)])
        #expect(profile.load.map { $0.model.highestRate?.perSecond } == [200, 200])
        #expect(profile.objectives.map(\.description) == ["p(99) < 20ms", "error rate < 1%"])
        #expect(profile.scenarios.map(\.name) == ["GET /"])
    }

    @Test func `a number of requests takes as long as the rate says`() throws {
        let profile = try profile(line("http://localhost/", "-r", "300/s", "-n", "100"))
        #expect(profile.load[0].duration == .nanoseconds(333_333_334))
    }

    @Test func `users share a number of iterations`() throws {
        let line = try line("https://localhost/a", "https://localhost/b", "-c", "64", "-n", "1000")
        #expect(line.profile.contains("  - load: { users: 64, iterations: 1000, for: 24h }\n"))
        let profile = try profile(line)
        #expect(!profile.load[0].model.isOpen)
        #expect(profile.scenarios.map(\.name) == ["GET /a", "GET /b"])
    }

    @Test func `method, fields and body are those of the request`() throws {
        let json = try line("http://localhost/", "-H", "X-A: b: c", "--body", "{\"n\": 1}")
        #expect(json.profile.contains("method: \"POST\"\n"))
        #expect(json.profile.contains("            headers:\n              \"X-A\": \"b: c\"\n"))
        #expect(json.profile.contains("            content type: application/json\n"))
        let text = try line(
            "http://localhost/", "-X", "PUT", "-H", "content-type: text/x", "--body", "{\"n\": 1}")
        #expect(text.profile.contains("method: \"PUT\"\n"))
        #expect(text.profile.contains("            content type: \"text/x\"\n"))
        #expect(!text.profile.contains("headers"))
        let file = try line("http://localhost/", "--body", "@cart.json")
        #expect(file.profile.contains("            body file: \"cart.json\"\n"))
        for line in [json, text] { _ = try profile(line) }
    }

    @Test func `what does not go together is said, with what to do`() {
        #expect(problem("http://a/x", "http://b/x").contains("http://b/x is another than http://a"))
        #expect(problem("http://a/", "smoke").contains("\"smoke\" is no URL"))
        #expect(problem("http://a/#top").contains("a fragment (#...), which is never sent"))
        #expect(problem("http://a/", "-c", "2", "-r", "1/s").contains("do not go together"))
        #expect(problem("http://a/", "-n", "2", "-d", "1s").contains("either ends the load"))
        #expect(problem("http://a/", "--target", "http://b").contains("leave --target out"))
        #expect(problem("http://a/", "-H", "Accept").contains("--header is NAME: VALUE"))
        #expect(problem("http://a/", "-r", "many").contains("--rate is"))
        #expect(problem("http://a/", "-d", "long").contains("--duration is a time"))
        #expect(problem("http://a/", "-c", "0").contains("--users is a whole number"))
        #expect(
            problem("http://a/", "-c", "2", "-o", "p(95) < 1s").contains(
                "the users of the phase load wait for their answers"))
    }
}
