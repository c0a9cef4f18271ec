import Foundation
import Testing
import Verdicts

@testable import Campaigns
@testable import Targets

@Suite struct BaselineStoreTests {
    private let baseline = Baseline(
        name: "main", startedAt: "2026-11-24T10:15:00Z", profile: "ping", load: "{}",
        host: "cpus 2",
        runs: [RunFigures(run: "a", requests: 10, values: ["p50": 1e6, "error-rate": 0])])

    @Test func `what is kept is read back, and listed`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = BaselineStore(folder: folder)
        #expect(store.names == [])
        try store.set(baseline)
        #expect(store.names == ["main"])
        #expect(try store.baseline(named: "main") == baseline)
    }

    @Test(arguments: ["", ".", "../main", "a/b", "a b", "none"])
    func `a name that is none is a mistake with a hint`(name: String) {
        let store = BaselineStore(folder: "/nonexistent")
        #expect(throws: CampaignError.self) { try store.baseline(named: name) }
    }

    @Test(arguments: ["p50": -1.0, "p95": 1e300, "error-rate": 1e4, "growth": 1e15])
    func `figures that no run can have are no baseline`(name: String, value: Double) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var odd = baseline
        odd.runs[0].values[name] = value
        try BaselineStore(folder: folder).set(odd)
        #expect(throws: CampaignError.self) {
            try BaselineStore(folder: folder).baseline(named: "main")
        }
    }

    @Test func `a file that is no baseline is said to be none`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "{}".write(toFile: "\(folder)/main.json", atomically: true, encoding: .utf8)
        #expect {
            _ = try BaselineStore(folder: folder).baseline(named: "main")
        } throws: {
            "\($0)".contains("no baseline of form")
        }
        #expect(throws: CampaignError.self) { try BaselineStore.baseline(named: "x", of: []) }
    }
}
