import Foundation
import Testing

@testable import Campaigns
@testable import Targets

@Suite(.timeLimit(.minutes(20))) final class TargetProcessTests {
    private let log = "/tmp/loadgen-target-\(UUID()).log"

    deinit { unlink(log) }

    /// The guard is built beside the tests.
    private func start(_ words: String...) throws -> TargetProcess {
        let tests = try #require(ProbeLaunch.mapped("PackageTests.xctest"))
        let folder = URL(filePath: tests).deletingLastPathComponent().path
        return try TargetProcess(words, logPath: log, guardPath: "\(folder)/target-guard")
    }

    /// What is thrown where it is waited for until it has ended.
    private func end(of process: TargetProcess) -> String {
        do { return try process.waitForURL() } catch { return "\(error)" }
    }

    @Test(arguments: [
        ("echo no port; exit 3", "with exit code 3: \"no port\n\""),
        ("echo no port >&2; kill -9 $$", "by signal 9 (Killed): \"no port\n\""),
    ])
    func `a command that ends is said with its end and its last words`(
        script: String, words: String
    ) throws {
        let process = try start("sh", "-c", script)
        let problem = end(of: process)
        #expect(problem.contains("the target has ended by itself, \(words)"), "\(problem)")
        #expect(process.endedByItself() != nil)
    }

    @Test func `a command that is none is said`() throws {
        #expect {
            try start("/no/such/program")
        } throws: {
            "\($0)".contains("\"/no/such/program\" did not start: No such file or directory")
        }
        #expect {
            try TargetProcess(["true"], logPath: log, guardPath: "/no/such/guard")
        } throws: {
            "\($0)".contains("/no/such/guard, did not start")
        }
    }

    @Test func `a command that says where it listens is heard, and ended by its process id`() throws
    {
        let process = try start(
            "sh", "-c", "echo listens on http://127.0.0.1:1234; exec sleep 1000")
        #expect(try process.waitForURL() == "http://127.0.0.1:1234")
        #expect(process.endedByItself() == nil)
        process.stop()
        #expect(kill(process.processID, 0) != 0)
    }

    @Test func `of much output the start and the end are kept, and the rest is counted`() throws {
        let process = try start(
            "sh", "-c", "echo first; yes | head -c 30000000; echo last; exit 1")
        #expect(end(of: process).contains("y\nlast\n\""))
        process.stop()
        let text = try String(contentsOfFile: log, encoding: .utf8)
        let left = 30_000_000 + "first\nlast\n".utf8.count - 2 * 65_536
        #expect(text.hasPrefix("first\ny\n") && text.hasSuffix("y\nlast\n"))
        #expect(text.contains("\n[\(left) bytes of output are left out here]\n"))
        #expect(text.utf8.count < 2 * 65_536 + 100)
    }

    @Test func `what a target leaves behind ends with it, its own session or not`() throws {
        let process = try start(
            "sh", "-c",
            """
            (setsid sh -c 'echo $$ > \(log).pid; exec sleep 1000' &)
            while ! [ -s \(log).pid ]; do :; done
            echo http://127.0.0.1:1; exec >&- 2>&-; exec sleep 1000
            """)
        defer { unlink("\(log).pid") }
        #expect(try process.waitForURL() == "http://127.0.0.1:1")
        let text = try String(contentsOfFile: "\(log).pid", encoding: .utf8)
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(child, 0) == 0)
        process.stop()
        #expect(kill(child, 0) != 0)
    }

    @Test func `a target has no signal blocked or ignored, and no file of loadgen's`() throws {
        signal(SIGPIPE, SIG_IGN)
        let process = try start(
            "sh", "-c", "grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd; exit 0")
        _ = end(of: process)
        process.stop()
        let text = try String(contentsOfFile: log, encoding: .utf8)
        // The last is that of the folder which ls reads.
        #expect(text.hasSuffix("\n0\n1\n2\n3\n"), "\(text)")
        // Above them are two that the C library keeps for itself.
        let masks = text.split(separator: "\n").prefix(2).map { $0.suffix(7) }
        #expect(masks == ["0000000", "0000000"], "\(text)")
    }
}
