import Checker
import FoundationEssentials
import Glibc
import Profiles
import SampleEvidence
import Testing

@testable import Evidence
@testable import Measurements

@Suite struct SealedFilesTests {
    /// A writer that has sealed two seconds, of a run that goes on.
    private func writer(in folder: RunFolder) throws -> EvidenceWriter {
        var run = SampleRun()
        run.add([.ok: 20], seconds: 2)
        let description = RunDescription(
            id: folder.id, profile: run.profile, target: "http://127.0.0.1:1", targetProcess: nil,
            command: [], threads: 1)
        let writer = try EvidenceWriter(folder: folder, description: description)
        for row in run.rows {
            try writer.append(row: row)
            try writer.append(
                event: RunEvent(timeSeconds: row.timeSeconds, kind: .phase, detail: "steady"))
            try writer.flush()
        }
        return writer
    }

    private func append(_ text: String, to path: String) throws {
        let whole = try String(contentsOfFile: path, encoding: .utf8) + text
        try whole.write(toFile: path, atomically: false, encoding: .utf8)
    }

    private func inFolder(_ body: (EvidenceWriter, String) throws -> Void) throws {
        try TemporaryFolder.with { parent in
            let folder = try RunFolder.create(under: parent, name: "r")
            try body(try writer(in: folder), folder.path)
        }
    }

    @Test func `a run that was killed is read up to its last seal`() throws {
        try inFolder { _, folder in
            // What the system took before the kill, and no seal vouches for.
            let rows = try String(contentsOfFile: "\(folder)/series.ndjson", encoding: .utf8)
            try append(String(rows.prefix { $0 != "\n" }) + "\n", to: "\(folder)/series.ndjson")
            try append(#"{"detail":"","kind":"ended","#, to: "\(folder)/events.ndjson")
            let evidence = try RunEvidence(reading: folder)
            #expect(evidence.rows.map(\.timeSeconds) == [1, 2] && !evidence.isComplete)
            #expect(evidence.damage.isEmpty && evidence.sealedSeconds == 2)
            #expect(
                evidence.losses.map(\.description) == [
                    "the last line of events.ndjson was cut off and is left out",
                    "seals.ndjson has no last line, and what came after 2.0 s is left out",
                    "the run did not come to its end; up to a second of it is missing",
                ])
        }
    }

    @Test func `an event of the end that no seal vouches for is none`() throws {
        try inFolder { _, folder in
            try append(
                #"{"detail":"","kind":"ended","time_s":2.1}"# + "\n", to: "\(folder)/events.ndjson")
            #expect(try !RunEvidence(reading: folder).isComplete)
        }
    }

    /// What a watchdog writes comes after the last seal.
    @Test func `the last event of a run that was ended by force is read`() throws {
        try inFolder { _, folder in
            let stuck = RunEvent(timeSeconds: 2.1, kind: .stuck, detail: "thread 1")
            EvidenceWriter.addLast(stuck, inFolder: folder)
            let evidence = try RunEvidence(reading: folder)
            #expect(evidence.events.last == stuck && !evidence.isComplete)
        }
    }

    @Test func `a line of a second that was changed is named with the second`() throws {
        try inFolder { writer, folder in
            try writer.append(event: RunEvent(timeSeconds: 2.1, kind: .ended, detail: ""))
            try writer.close()
            #expect(try RunEvidence(reading: folder).damage.isEmpty)
            let path = "\(folder)/series.ndjson"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let second = text.replacing(#""time_s":2"#, with: #""time_s":3"#)
            try second.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(
                try RunEvidence(reading: folder).damage == [
                    "series.ndjson, line 2 (1.0 s to 2.0 s into the load): a line was changed, "
                        + "lost or repeated"
                ])
            try append(String(text.prefix { $0 != "\n" }) + "\n", to: path)
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            try append("\n", to: path)
            #expect(
                try RunEvidence(reading: folder).damage == [
                    "series.ndjson has more than the 2 lines that the run wrote: a line was "
                        + "repeated or added"
                ])
        }
    }

    @Test func `seals are chained, and the first that does not follow is named`() throws {
        try inFolder { writer, folder in
            try writer.append(event: RunEvent(timeSeconds: 2.1, kind: .ended, detail: ""))
            try writer.close()
            let path = "\(folder)/seals.ndjson"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            var lines = text.split(separator: "\n").map(String.init)
            #expect(lines.count == 4)
            lines.remove(at: 1)
            try (lines.joined(separator: "\n") + "\n").write(
                toFile: path, atomically: false, encoding: .utf8)
            let evidence = try RunEvidence(reading: folder)
            #expect(
                evidence.damage.first
                    == "seals.ndjson, line 2, does not follow the lines before it: a line was "
                    + "changed, lost or repeated")
            try FileManager.default.removeItem(atPath: path)
            #expect(
                try RunEvidence(reading: folder).damage == [
                    "seals.ndjson is missing, which tells what the run wrote"
                ])
        }
    }

    /// A disk that was full has lost lines; what comes after must not be sealed with them.
    @Test func `after a write that failed nothing is sealed`() throws {
        try inFolder { writer, folder in
            // A file of the run that no more can be written to.
            #expect(symlink("/dev/full", "\(folder)/slow.ndjson") == 0)
            let record = FailureRecord(
                phase: "p", scenario: "s", operation: "o", outcome: .ok, dueNanoseconds: 0,
                doneNanoseconds: 1)
            try writer.append(slow: record)
            #expect(throws: EvidenceError.self) { try writer.flush() }
            try writer.append(event: RunEvent(timeSeconds: 2.1, kind: .ended, detail: ""))
            try writer.close()
            #expect(unlink("\(folder)/slow.ndjson") == 0)
            let evidence = try RunEvidence(reading: folder)
            #expect(!evidence.isComplete && evidence.sealedSeconds == 2)
        }
    }

    // MARK: Files that are none

    @Test(arguments: ["run.json", "series.ndjson", "latency.hlog", "seals.ndjson", "due.ndjson"])
    func `what is no regular file is an error, and no wait without end`(file: String) throws {
        try inFolder { writer, folder in
            try writer.close()
            let path = "\(folder)/\(file)"
            let makers: [(String) -> Int32] = [
                { mkfifo($0, 0o600) }, { mkdir($0, 0o700) }, { symlink("/dev/zero", $0) },
                { symlink($0, $0) },
            ]
            for make in makers {
                #expect(remove(path) == 0 && make(path) == 0)
                let error = try #require(throws: EvidenceError.self) {
                    try RunEvidence(reading: folder)
                }
                #expect(error.place == path && error.message.hasPrefix("cannot be read: "))
            }
        }
    }

    @Test func `a line without an end is not read into memory whole`() throws {
        try inFolder { writer, folder in
            try writer.close()
            #expect(truncate("\(folder)/events.ndjson", 1 << 30) == 0)
            let error = try #require(throws: EvidenceError.self) {
                try RunEvidence(reading: folder)
            }
            #expect(error.message == "longer than 16 MiB, which no line is", "\(error)")
        }
    }

    @Test func `evidence is its owner's alone`() throws {
        try TemporaryFolder.with { parent in
            let rows = "\(parent)/rows.csv"
            try "a\n1\n".write(toFile: rows, atomically: false, encoding: .utf8)
            var run = SampleRun()
            run.document = "openapi: 3.0.0"
            run.profile.data = [.init(name: "rows", file: rows)]
            run.add([.ok: 1])
            let folder = try run.write(under: parent).path
            func mode(_ path: String) -> mode_t {
                var status = stat()
                #expect(stat(path, &status) == 0, "\(path)")
                return status.st_mode & 0o777
            }
            for path in [folder, "\(folder)/data"] { #expect(mode(path) == 0o700) }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 10, "\(names)")
            for name in names + ["data/rows.csv"] where name != "data" {
                #expect(mode("\(folder)/\(name)") == 0o600, "\(name)")
            }
        }
    }

    // MARK: Numbers

    @Test(
        arguments: [
            ("series.ndjson", #"planned":10"#, #"planned":-1"#, "planned is -1 (allowed 0 to "),
            (
                "series.ndjson", #"time_s":1"#, #"time_s":1e300"#,
                "time_s is 1e+300 (allowed 0.0 to 1000000000.0)"
            ),
            (
                "series.ndjson", #"steal":0"#, #"steal":1e9,"suspended_ns":9223372036854775807"#,
                "steal is 1000000000.0 (allowed "
            ),
            ("series.ndjson", #"sent":10"#, #"sent":1e300"#, "sent is 1e300 (allowed "),
            ("series.ndjson", #"sent":10"#, #"sent":"x""#, "sent: "),
            ("events.ndjson", #"time_s":1"#, #"time_s":-1e99"#, "time_s is -1e+99 (allowed -1"),
            ("events.ndjson", #"time_s":1"#, #"time_s":1e400"#, "not a line of this file"),
            ("run.json", #""threads": 1"#, #""threads": 0"#, "threads is 0 (allowed 1 to 4096)"),
            (
                "run.json", #""threads": 1"#, #""threads": 1e18"#,
                "threads is 1e18 (allowed 1 to 4096)"
            ),
            ("run.json", #""started_s": 1"#, #""started_s": 1e300, "x": 1"#, "started_s is 1e300"),
            ("run.json", #""calibration": null"#, #""calibration": 7"#, "calibration is not as a"),
        ])
    func `a number that no run has is refused with field, value and range`(
        file: String, old: String, new: String, message: String
    ) throws {
        try inFolder { writer, folder in
            try writer.close()
            let path = "\(folder)/\(file)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacing(old, with: new, maxReplacements: 1).write(
                toFile: path, atomically: false, encoding: .utf8)
            let error = try #require(throws: EvidenceError.self) {
                try RunEvidence(reading: folder)
            }
            #expect(error.place == "\(path):1", "\(error)")
            #expect(error.message.contains(message), "\(error)")
        }
    }

    @Test func `checked requests are sealed, and judged only if the run came to its end`() throws {
        try inFolder { writer, folder in
            let operations = [
                Operation(.put, key: 0, value: 10, at: 1...2),
                Operation(.get, key: 0, value: 10, at: 3...4),
            ]
            try writer.append(operations: [operations[0]])
            try writer.flush()
            try writer.append(operations: [operations[1]])
            try writer.append(event: RunEvent(timeSeconds: 2, kind: .ended, detail: ""))
            try writer.flush()
            let path = "\(folder)/\(OperationLog.file)"
            #expect(try OperationLog.read(path) == operations)
            #expect(try RunEvidence(reading: folder).check == nil)
            #expect(throws: EvidenceError.self) { try OperationLog.read(ofRun: folder) }
            try writer.close()
            #expect(try RunEvidence(reading: folder).check == CheckResult(of: operations))
            #expect(try OperationLog.read(ofRun: folder) == operations)
            #expect(try RunEvidence(reading: folder).damage.isEmpty)
            try append("x", to: path)
            #expect(throws: EvidenceError.self) { try RunEvidence(reading: folder) }
        }
    }
}
