import Testing

@testable import Campaigns
@testable import Targets

@Suite struct TargetSourceTests {
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
}
