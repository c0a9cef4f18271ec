import Contracts
import Exchanges
import JSON
import Testing

@testable import Profiles

@Suite struct TargetTests {
    private func decode(_ keys: String, _ overrides: [Override] = []) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        return try decoder.decode(
            "load: [{ steady: { rate: 1/s, for: 1s } }]\nscenarios: [{ a: { steps: [ping] } }]\n"
                + keys, file: "f", name: "n", overrides: overrides
        ).profile
    }

    @Test func `a target says whose memory is read`() throws {
        let short = try decode("target: http://127.0.0.1:80")
        #expect(short.target == .url("http://127.0.0.1:80") && short.watch == Watch())
        let behind = try decode("target: { url: http://127.0.0.1:80, port: 9000 }")
        #expect(behind.target == .url("http://127.0.0.1:80") && behind.watch.port == 9000)
        let command = try decode("target: { command: moonbase --port 0, probe: stacks }")
        #expect(command.target == .command("moonbase --port 0") && command.watch.probe == .stacks)
        #expect(try decode("target: moonbase --port 0").target == .command("moonbase --port 0"))
        #expect(try decode("target: { pid: 7 }").target == .embedded)
    }

    @Test(arguments: [
        "target: embedded", "target: http://127.0.0.1:80",
        "target: { url: http://127.0.0.1:80, pid: 4711 }",
        "target: { command: moonbase --port 0, probe: figures, port: 80 }",
    ])
    func `a target is read back from the evidence as it was`(keys: String) throws {
        let profile = try decode(keys)
        let text = profile.json.prettyText
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let again = try decoder.decode(text, file: "run.json", name: "n").profile
        #expect(again.target == profile.target && again.watch == profile.watch)
    }

    @Test(arguments: ["api.example.com", "[api.example.com, 10.0.0.1]"])
    func `the hosts that load may go to are read back from the evidence`(hosts: String) throws {
        let profile = try decode("network: { allow hosts: \(hosts) }")
        #expect(profile.network.allowedHosts.first == "api.example.com")
        var decoder = ProfileDecoder { name throws(ContractError) in try Contract(builtIn: name) }
        let again = try decoder.decode(profile.json.prettyText, file: "run.json", name: "n").profile
        #expect(again.network == profile.network)
    }

    @Test func `a flag makes a mapping of a target that is a word`() throws {
        let pid = Override(flag: "--pid", place: .key("target.pid"), value: "4711")
        let profile = try decode("target: http://127.0.0.1:80", [pid])
        #expect(profile.target == .url("http://127.0.0.1:80") && profile.watch.process == 4711)
        #expect(try decode("", [pid]).watch.process == 4711)
    }

    @Test(arguments: [
        ("target: { pid: 0 }", "\"0\" is not the id of a process, above 0"),
        ("target: { port: 65536 }", "\"65536\" is not a TCP port from 1 to 65535"),
        ("target: { pid: 1, port: 2 }", "give either pid or port: it says whose memory"),
        ("target: { command: a, url: http://127.0.0.1 }", "target has url and command; give one"),
        ("target: { probe: stacks }", "the probe goes into what a command of the profile starts"),
        (
            "target: { command: a, probe: heap }",
            "\"heap\" is not a probe; allowed: figures, stacks"
        ),
        ("target: { comand: a }", "\"comand\" is not a key of target; did you mean command?"),
    ])
    func `a target that cannot be is told`(keys: String, message: String) {
        #expect {
            _ = try decode(keys)
        } throws: { error in
            (error as? ProfileError)?.problems.contains { $0.message.hasPrefix(message) } ?? false
        }
    }
}
