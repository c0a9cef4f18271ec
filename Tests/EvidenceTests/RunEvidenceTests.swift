import FoundationEssentials
import Histograms
import JSON
import Profiles
import SampleEvidence
import Testing

@testable import Evidence
@testable import Measurements

@Suite struct RunEvidenceTests {
    private static let forms = "loadgen/run/1, loadgen/run/2 or loadgen/run/3"

    private var sample: SampleRun {
        var run = SampleRun(objectives: ["p(95) < 10ms"])
        run.add([.ok: 50], phase: "warm up")
        run.add([.ok: 97, .timeout: 2, .dropped: 1], over: [10_000_000: 4])
        run.add([.ok: 5], operation: "listPods", over: [10_000_000: 1])
        var failure = FailureRecord(
            phase: "steady", scenario: "health", operation: "ping", outcome: .timeout,
            dueNanoseconds: -5, doneNanoseconds: 7)
        (failure.detail, failure.request) = ("no answer", "GET / \u{1}\"")
        run.failures = [failure]
        run.samples[HistogramKey(phase: "steady", operation: "ping", clock: .lag)] = [1000, 2000]
        run.samples[
            HistogramKey(phase: "steady", operation: "ping", clock: .latency, isFailed: true)] = [9]
        return run
    }

    /// Writes the sample, damages it, and gives what reading it says: its losses, or the error.
    private func reading(_ damage: (String) throws -> Void) throws -> [String] {
        try TemporaryFolder.with { parent in
            let folder = try sample.write(under: parent).path
            try damage(folder)
            do { return try RunEvidence(reading: folder).losses.map(\.description) } catch let error
                as EvidenceError
            {
                return [error.description.replacing(folder, with: "RUN")]
            }
        }
    }

    private func edit(_ path: String, _ body: (String) -> String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try body(text).write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func `what is written is read back`() throws {
        let sample = sample
        let evidence = try sample.evidence()
        #expect(evidence.rows == sample.rows)
        #expect(evidence.events == sample.events)
        #expect(evidence.failures == sample.failures)
        #expect(evidence.losses.isEmpty && evidence.isComplete && !evidence.isInterrupted)
        #expect(evidence.description.profile == sample.profile.json)
        #expect(evidence.description.command == ["loadgen", "run", "sample"])
        #expect(evidence.description.host.map(\.name).contains("kernel"))
        #expect(Set(evidence.histograms.keys) == Set(sample.samples.keys))
        #expect(evidence.histograms.values.reduce(0) { $0 + $1.totalCount } == 155)
        #expect(evidence.operations == ["listPods", "ping"])
    }

    @Test func `sums are over what is asked for`() throws {
        let evidence = try sample.evidence()
        let steady = evidence.outcomes { phase, _ in phase == "steady" }
        #expect(steady == [.ok: 102, .timeout: 2, .dropped: 1])
        #expect(evidence.outcomes { _, operation in operation == "none" }.isEmpty)
        #expect(evidence.countOver(10_000_000) { phase, _ in phase == "steady" } == 5)
        #expect(evidence.countOver(20_000_000) { phase, _ in phase == "steady" } == nil)
        #expect(evidence.countOver(10_000_000) { _, _ in true } == nil)
        let right = evidence.histogram(.latency) { _, operation in operation == "ping" }
        #expect(right.totalCount == 147)
        #expect(evidence.histogram(.latency, failed: true) { _, _ in true }.totalCount == 1)
        #expect(evidence.histogram(.wait) { _, _ in true }.isEmpty)
    }

    @Test(arguments: ["series.ndjson", "events.ndjson", "failures.ndjson", "latency.hlog"])
    func `a last line that was cut off is a loss, and the rest is read`(file: String) throws {
        let losses = try reading { folder in
            try edit("\(folder)/\(file)") { text in text + text.suffix(30).prefix(20) }
        }
        #expect(losses == ["the last line of \(file) was cut off and is left out"])
    }

    @Test func `a run without its end says so`() throws {
        let losses = try reading { folder in
            try edit("\(folder)/events.ndjson") { $0.replacing("ended", with: "phase") }
        }
        #expect(losses == ["the run did not come to its end; up to a second of it is missing"])
    }

    @Test(arguments: [
        ("series.ndjson", "{", "RUN/series.ndjson:1: not a line of this file"),
        ("events.ndjson", "[]", "RUN/events.ndjson:1: not a line of this file"),
        ("failures.ndjson", "null", "RUN/failures.ndjson:1: not a line of this file"),
        ("latency.hlog", "0,1,2,xyz", "RUN/latency.hlog:1: not a line of an interval log"),
    ])
    func `a line in the middle that cannot be read is an error with its number`(
        file: String, line: String, message: String
    ) throws {
        let found = try reading { folder in
            try edit("\(folder)/\(file)") { "\(line)\n\($0)" }
        }
        #expect(found.first?.hasPrefix(message) == true, "\(found)")
        #expect(
            found.first?.hasSuffix("; the evidence was changed, or another program wrote it")
                == true, "\(found)")
    }

    @Test(arguments: [
        (#""ok":97"#, #""ok":-97"#), (#""ok":97"#, #""ok":9000000000000000000"#),
        (#""planned":100"#, #""planned":-1"#), (#""started":99"#, #""started":-9"#),
        (#""10000000":4"#, #""10000000":-4"#), (#""sent":99"#, #""sent":1e300"#),
    ])
    func `a count that no second can have is an error, not a crash`(old: String, new: String) throws
    {
        let found = try reading { folder in
            try edit("\(folder)/series.ndjson") { text in
                #expect(text.contains(old))
                return text.replacing(old, with: new)
            }
        }
        #expect(found.first?.hasPrefix("RUN/series.ndjson:2: not a line of this file") == true)
    }

    @Test func `a tag that is none of a run is an error with its line`() throws {
        let found = try reading { folder in
            try edit("\(folder)/latency.hlog") { $0.replacing("steady/ping/lag", with: "steady") }
        }
        #expect(found.first?.contains("latency.hlog:") == true, "\(found)")
        #expect(found.first?.contains("the tag \"steady\" is none of a run") == true, "\(found)")
    }

    @Test(arguments: [
        ("", "RUN/run.json:1: a value is expected, not the end"),
        ("{", "RUN/run.json:1: a name is expected, not the end"),
        ("{\n\"a\":1,\n\"a\":2}", "RUN/run.json:3: an object has a name twice"),
        ("{}", "RUN/run.json:1: not a description of form \(forms)"),
        (
            #"{"schema":"loadgen/run/9"}"#,
            "RUN/run.json:1: not a description of form \(forms)"
        ),
        (
            "[1,2]",
            "RUN/run.json:1: not a description of form \(forms)"
        ),
    ])
    func `a run.json that was damaged says what is wrong with it`(text: String, message: String)
        throws
    {
        let found = try reading { folder in
            try text.write(toFile: "\(folder)/run.json", atomically: true, encoding: .utf8)
        }
        let hint = "; the evidence was changed, or another program wrote it"
        if text.isEmpty {
            #expect(found.first?.hasPrefix("RUN/run.json") == true, "\(found)")
        } else {
            #expect(found == [message + hint])
        }
    }

    @Test(arguments: ["id", "started_at", "started_s", "target", "threads", "profile"])
    func `a run.json without one of its parts is no description`(name: String) throws {
        let found = try reading { folder in
            try edit("\(folder)/run.json") { $0.replacing("\"\(name)\"", with: "\"other\"") }
        }
        #expect(found.first?.contains("not a description of form") == true, "\(found)")
    }

    @Test func `a file that is no text, and one that is not there, are told apart`() throws {
        let missing = try reading {
            try FileManager.default.removeItem(atPath: "\($0)/series.ndjson")
        }
        #expect(
            missing == [
                "RUN/series.ndjson: cannot be read: No such file or directory; give the folder of "
                    + "a run, as in Results/runs/20261124T101500Z-smoke-4f2a"
            ])
        let binary = try reading { folder in
            try Data([0x7B, 0xFF, 0xFE, 0x0A]).write(to: URL(filePath: "\(folder)/series.ndjson"))
        }
        #expect(
            binary == [
                "RUN/series.ndjson: not text in UTF-8; the evidence was changed, or another "
                    + "program wrote it"
            ])
    }

    @Test func `troughs are read back as they were, and are none if there were none`() throws {
        #expect(try sample.evidence().troughs.isEmpty)
        var run = sample
        for round in 1...3 {
            var trough = Trough(
                timeSeconds: Double(2 * round), phase: "steady", round: round,
                requests: 100 * round, inFlight: round - 1, connections: 7)
            var reading = ProcessReading()
            reading.source = .metrics
            reading.allocatedBytes = 1 << 40 + UInt64(round)
            (reading.openFiles, reading.sockets, reading.startSeconds) = (9, 4, 1.5)
            trough.target = round == 2 ? nil : reading
            trough.generator = reading
            run.troughs.append(trough)
        }
        #expect(try run.evidence().troughs == run.troughs)
    }

    @Test(arguments: [
        "{}", "not JSON",
        #"{"time_s":1,"phase":"p","round":1,"requests":-5,"in_flight":0,"connections":0}"#,
        #"{"time_s":1e300,"phase":"p","round":1,"requests":5,"in_flight":0,"connections":0}"#,
    ])
    func `a line that is no trough is named`(line: String) throws {
        let said = try reading { folder in
            try "\(line)\n".write(
                toFile: "\(folder)/troughs.ndjson", atomically: true, encoding: .utf8)
        }
        #expect(said.count == 1)
        #expect(said.first?.contains("RUN/troughs.ndjson") == true, "\(said)")
    }

    @Test func `a reading of several processes is their sum, without what one lacks`() throws {
        var (one, other) = (ProcessReading(), ProcessReading())
        (one.residentBytes, one.threads, one.openFiles, one.startSeconds) = (10, 1, 5, 9)
        (other.residentBytes, other.threads, other.startSeconds) = (20, 2, 4)
        let sum = try #require(ProcessReading(sum: [one, other]))
        #expect(sum.residentBytes == 30 && sum.threads == 3 && sum.openFiles == nil)
        #expect(sum.startSeconds == 4 && sum.processes == 2)
        #expect(ProcessReading(sum: []) == nil && ProcessReading(sum: [one]) == one)
        var filled = other
        filled.fill(from: one)
        #expect(filled.residentBytes == 20 && filled.openFiles == 5 && filled.startSeconds == 4)
    }
}
