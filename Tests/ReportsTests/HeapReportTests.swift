import JSON
import Measurements
import SampleEvidence
import Testing

@testable import Reports
@testable import Verdicts

@Suite struct HeapReportTests {
    private let growth = HeapGrowth(
        firstSeconds: 2, lastSeconds: 12, requests: 1000, sampleBytes: 16384,
        stacks: [
            HeapGrowth.Stack(
                bytes: 1_048_576, objects: 1024, share: 0.8,
                frames: ["swift_slowAlloc", "Shop.keep<A>", "Shop.serve", "main"]),
            HeapGrowth.Stack(bytes: 262_144, objects: 2, share: 0.2, frames: ["grow", "main"]),
        ], sizes: [HeapGrowth.SizeClass(sizeBytes: 1024, objects: 1024)])

    /// A run whose verdict is FAIL for a leak, with this growth.
    private func model(_ growth: HeapGrowth?) throws -> ReportModel {
        var run = SampleRun(objectives: ["leak < 16 B/request"])
        run.add([.ok: 1000], seconds: 10)
        let evidence = try run.evidence()
        var verdict = RunVerdict(
            verdict: .fail, objectives: [], findings: [], confidence: 0.95)
        verdict.leaks = [
            LeakVerdict(
                subject: "target", quantity: "live bytes", source: "probe", isMemory: true,
                verdict: .fail, reason: nil, floors: 30, first: 0, last: 1e6, perRequest: nil,
                perHour: nil, sentence: "FAIL")
        ]
        verdict.heap = growth
        return ReportModel(evidence: evidence, verdict: verdict, profile: run.profile)
    }

    @Test func `every format has the stacks that grew, with bytes and share`() throws {
        let model = try model(growth)
        let block = TerminalReport.verdictBlock(model, isColoured: false)
        let lines = block.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["Shop.keep<A>", "1.00", "MiB", "80.0", "%", "1,024", "1,049"]))
        #expect(lines.contains(["from", "Shop.serve"]) && lines.contains(["from", "main"]))
        let cells = "| Shop.keep\\<A> | 1.00 MiB | 80.0 % |"
        #expect(MarkdownSummary.text(model).contains(cells))
        let page = HTMLReport.text(model)
        #expect(page.contains("<th scope=\"row\">Shop.keep&lt;A&gt;</th><td>1.00 MiB</td>"))
        let json = try JSONValue(parsing: JSONReport.text(model).utf8)
        let stack = json["verdict"]?["heap"]?["stacks"]?.array?.first
        #expect(stack?["share"]?.double == 0.8 && stack?["bytes"]?.integer == 1_048_576)
        #expect(stack?["frames"]?.array?.count == 4)
    }

    @Test func `without stacks it says the sizes that grew, and how to see more`() throws {
        var sizes = growth
        sizes.stacks = []
        let text = TerminalReport.text(try model(sizes), isColoured: false)
        #expect(text.contains("objects of 1.00 KiB                 1.00 MiB    1,024"), "\(text)")
        #expect(text.contains("start the target with loadgen exec --profile-heap"))
        let bare = TerminalReport.text(try model(nil), isColoured: false)
        #expect(bare.contains("start the target with loadgen exec --profile-heap"))
    }

    @Test func `a heap profile that could not be read is said`() throws {
        var broken = growth
        broken.stacks = []
        broken.problem = "a heap profile cannot be read: line 1: no"
        let text = MarkdownSummary.text(try model(broken))
        #expect(text.contains("no stacks: a heap profile cannot be read: line 1: no"))
    }
}
