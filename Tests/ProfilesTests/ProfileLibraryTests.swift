import Contracts
import Foundation
import Testing

@testable import Profiles

@Suite struct ProfileLibraryTests {
    /// A folder with two profiles and a contract, for the time of `body`.
    private func withLibrary(_ body: (ProfileLibrary) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "loadgen-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let steady = "load: [ { steady: { rate: 1/s, for: 1s } } ]\n"
        for (name, text) in [
            ("smoke.yaml", "description: a first look\n\(steady)"),
            ("own.yaml", "contract: api.yaml\n\(steady)"), ("broken.yaml", "load: ["),
            ("api.yaml.txt", ""),
            (
                "api.yaml",
                "openapi: 3.0.0\npaths: { /x: { get: { operationId: look, "
                    + "responses: { '200': {} } } } }"
            ),
        ] { try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8) }
        try body(ProfileLibrary(folder: url.path))
    }

    private func problem(_ body: () throws -> Void) -> String {
        do {
            try body()
            return ""
        } catch { return "\(error)" }
    }

    @Test func `profiles are found by name, and say what they are for`() throws {
        try withLibrary { library in
            #expect(library.names == ["api", "broken", "own", "smoke"])
            #expect(library.summary(of: "smoke") == "a first look")
            #expect(library.summary(of: "broken") == "" && library.summary(of: "none") == "")
            for reference in ["smoke", "\(library.folder)/smoke.yaml"] {
                let (profile, _) = try library.load(reference)
                #expect(profile.name == "smoke")
            }
        }
    }

    @Test func `a contract is looked for beside the profile`() throws {
        try withLibrary { library in
            let (profile, contract) = try library.load("own")
            #expect(profile.contract == "api.yaml")
            #expect(Array(contract.operations.keys) == ["look"])
            #expect(profile.scenarios.map(\.name) == ["look"])
        }
    }

    @Test func `what is not there is answered with what is`() throws {
        try withLibrary { library in
            #expect(
                problem { _ = try library.load("smoek") }
                    == "smoek: there is no such profile; did you mean smoke?")
            #expect(
                problem { _ = try library.load("xyzzy") }
                    == "xyzzy: there is no such profile; there are api, broken, own, smoke; or "
                    + "give the path of a file")
            #expect(
                problem { _ = try library.load("none/x.yaml") }
                    == "none/x.yaml: the file cannot be read; there are api, broken, own, smoke; "
                    + "or give the path of a file")
            #expect(
                problem { _ = try library.load("broken") }.hasPrefix(
                    "\(library.folder)/broken.yaml:2:1: "))
            #expect(
                problem {
                    _ = try library.load(
                        "smoke",
                        overrides: [
                            Override(
                                flag: "--set contract", place: .key("contract"), value: "upsteam")
                        ])
                }
                    == "--set contract: upsteam: no such contract; allowed: moonbase-v0, "
                    + "upstream, none, or the path of an OpenAPI document; did you mean upstream?")
        }
        let empty = ProfileLibrary(folder: "/nowhere")
        #expect(empty.names.isEmpty)
        #expect(
            problem { _ = try empty.load("smoke") }
                == "smoke: there is no such profile; and /nowhere has no profiles; give the path "
                + "of one")
    }
}
