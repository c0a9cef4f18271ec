import Glibc
import Testing

@testable import Campaigns

@Suite(.timeLimit(.minutes(5))) struct TargetSourceTests {
    @Test(arguments: [
        ("http://127.0.0.1:4343", TargetSource.url("http://127.0.0.1:4343")),
        ("moonbase --port 0", .command(["moonbase", "--port", "0"])),
        ("  a  'b c' \"d 'e'\" f\\ g '' ", .command(["a", "b c", "d 'e'", "f g", ""])),
        ("./node --at={port}", .command(["./node", "--at={port}"])),
    ])
    func `a target is a URL, or a command in words`(text: String, source: TargetSource) throws {
        #expect(try TargetSource(text) == source)
    }

    @Test(arguments: ["", "  ", "a 'b", "a \"b", "a \\", "http://127.0.0.1:99999"])
    func `what is neither is a mistake with a hint`(text: String) {
        #expect(throws: CampaignError.self) { try TargetSource(text) }
    }

    @Test func `a command that ends, or is none, is said with its last words`() throws {
        let log = "/tmp/loadgen-target-\(UInt64.random(in: 0 ... .max)).log"
        defer { unlink(log) }
        let process = try TargetProcess(["sh", "-c", "echo no port; exit 3"], logPath: log)
        #expect {
            _ = try process.waitForURL()
        } throws: {
            "\($0)".contains("no port")
        }
        #expect(throws: CampaignError.self) {
            try TargetProcess(["/no/such/program"], logPath: log)
        }
    }

    @Test func `a command that says where it listens is heard, and ended by its process id`() throws
    {
        let log = "/tmp/loadgen-target-\(UInt64.random(in: 0 ... .max)).log"
        defer { unlink(log) }
        let process = try TargetProcess(
            ["sh", "-c", "echo listens on http://127.0.0.1:1234; exec sleep 60"], logPath: log)
        defer { process.stop() }
        #expect(try process.waitForURL() == "http://127.0.0.1:1234")
        #expect(process.endedByItself() == nil)
        process.stop()
        #expect(kill(process.processID, 0) != 0)
    }
}
