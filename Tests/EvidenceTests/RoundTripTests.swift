import Contracts
import FoundationEssentials
import Histograms
import Profiles
import SampleEvidence
import Statistics
import Testing

@testable import Evidence
@testable import Measurements

/// Whatever profile is accepted, and whatever a run writes of it, is read back.
@Suite struct RoundTripTests {
    /// What a text may hold, in scalars: what YAML does not print, line ends of any kind, marks of
    /// bytes, marks that combine, and ends of planes.
    private static let odd: [Unicode.Scalar] = [
        "\0", "\u{1}", "\t", "\n", "\r", "\u{1B}", " ", "\"", "'", "\\", "/", ":", "#", "{", "[",
        "%", ",", "-", "~", "\u{7F}", "\u{80}", "\u{85}", "\u{9F}", "\u{A0}", "\u{301}",
        "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "\u{1F600}",
        "\u{10FFFF}", "a", "0",
    ]

    private func text(_ random: inout SeededRandom, without: String = "") -> String {
        var text = "x"
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let scalar = Self.odd.randomElement(using: &random) ?? "a"
            if !without.unicodeScalars.contains(scalar) { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// A text as YAML has it in double quotes, everything odd escaped.
    private func quoted(_ text: String) -> String {
        let units = text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        // YAML has no surrogates; it has all planes.
        let isPlain = text.unicodeScalars.allSatisfy { $0.value < 0x10000 }
        if isPlain { return "\"\(units.joined())\"" }
        let wide = text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"\(wide.joined())\""
    }

    private func body(_ random: inout SeededRandom, depth: Int) -> String {
        switch depth > 0 ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0, 1: return "[\(body(&random, depth: depth - 1)), 1.5e300, -0.0]"
        case 2, 3:
            let key = quoted(text(&random, without: "\0"))
            return "{ \(key): \(body(&random, depth: depth - 1)), b: null }"
        case 4: return "9223372036854775807"
        default: return quoted(text(&random))
        }
    }

    private func decode(_ yaml: String) throws -> Profile {
        var decoder = ProfileDecoder { name throws(ContractError) in
            try ProfileLibrary.contract(name, relativeTo: ".")
        }
        return try decoder.decode(yaml, file: "p.yaml", name: "p").profile
    }

    private func yaml(_ random: inout SeededRandom, body: String) -> String {
        let phase = quoted(text(&random))
        let (scenario, name) = (quoted(text(&random)), quoted(text(&random)))
        return """
            name: \(quoted(text(&random)))
            description: \(quoted(text(&random)))
            target: http://127.0.0.1:1
            contract: none
            load:
              - \(phase): { rate: 10/s, for: 1s }
            scenarios:
              - \(scenario):
                  steps:
                    - request: { method: POST, url: /a, name: \(name), body: \(body) }
                    - request: { method: POST, url: /b, text: \(quoted(text(&random))) }
            """
    }

    /// The profile as it is read from the folder of a run of it, which has not begun.
    private func readBack(_ profile: Profile) throws -> Profile {
        try TemporaryFolder.with { parent in
            var run = SampleRun()
            run.profile = profile
            let folder = try run.write(under: parent).path
            return try RunEvidence(reading: folder).description.profile(in: folder)
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a profile with odd texts is read from its evidence as it was`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let text = yaml(&random, body: body(&random, depth: 20))
        // What is refused makes no evidence.
        guard let profile = try? decode(text) else { return }
        #expect(try readBack(profile) == profile, "seed \(seed)")
    }

    @Test func `most of these profiles are accepted`() throws {
        let accepted = (0..<60 as Range<UInt64>).filter { seed in
            var random = SeededRandom(seed: seed)
            return (try? decode(yaml(&random, body: body(&random, depth: 20)))) != nil
        }
        #expect(accepted.count > 40, "\(accepted)")
    }

    @Test func `a body as deep as a profile may be, and a long name, are read back`() throws {
        var random = SeededRandom(seed: 1)
        let long = String(repeating: "k", count: 5000)
        for depth in [57, 58, 70, 85] {
            let body =
                String(repeating: "[", count: depth) + "{ ? \(long) : 1 }"
                + String(repeating: "]", count: depth)
            let profile = try decode(yaml(&random, body: body))
            #expect(try readBack(profile) == profile, "\(depth)")
        }
    }

    @Test func `a name with a NUL is refused`() throws {
        var random = SeededRandom(seed: 1)
        let error = try #require(throws: ProfileError.self) {
            try decode(yaml(&random, body: #"{ "a\0b": 1 }"#))
        }
        #expect(error.description.contains("a key with a NUL"), "\(error)")
    }

    @Test func `a run.json that would be too large is refused before the load`() throws {
        var profile = SampleRun().profile
        profile.description = String(repeating: "\u{1}", count: 12 << 20)
        let error = try #require(throws: EvidenceError.self) { try readBack(profile) }
        #expect(
            error.message
                == "cannot hold this profile: it would have 72 MiB (allowed 64 MiB)", "\(error)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `every file with odd texts is read back as it was`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var run = SampleRun()
        let (phase, operation) = (text(&random), text(&random))
        run.add([.ok: 3, .timeout: 2], operation: operation, phase: phase)
        run.due = [
            DueSecond(second: 0, phase: phase, operation: operation, total: 5, failed: 2)
        ]
        run.events.append(RunEvent(timeSeconds: 1, kind: .warning, detail: text(&random)))
        var record = FailureRecord(
            phase: phase, scenario: text(&random), operation: operation, outcome: .timeout,
            dueNanoseconds: 1, doneNanoseconds: 2)
        record.detail = text(&random)
        record.request = text(&random)
        record.answer = text(&random)
        record.error = text(&random)
        (run.failures, run.slow) = ([record], [record])
        let evidence = try run.evidence()
        #expect(evidence.rows == run.rows && evidence.events == run.events)
        #expect(evidence.failures == run.failures && evidence.slow == run.slow)
        #expect(evidence.due == run.due && evidence.hasWholeDue)
        #expect(Set(evidence.histograms.keys) == Set(run.samples.keys))
        #expect(evidence.damage.isEmpty)
    }

    @Test func `figures that a target claims and no process has are left out`() throws {
        var run = SampleRun()
        run.add([.ok: 3])
        var claimed = ProcessReading()
        (claimed.openFiles, claimed.allocatedBytes, claimed.residentBytes) = (.max, .max, 4096)
        (claimed.cpuSeconds, claimed.startSeconds) = (1e300, .infinity)
        run.rows[0].target = claimed
        run.troughs = [Trough(timeSeconds: 1, phase: "steady", round: 1, requests: 3)]
        run.troughs[0].target = claimed
        let evidence = try run.evidence()
        var possible = ProcessReading()
        possible.residentBytes = 4096
        #expect(evidence.rows[0].target == possible && evidence.troughs[0].target == possible)
    }
}
