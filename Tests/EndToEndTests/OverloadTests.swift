import Foundation
import JSON
import Testing

extension EndToEndTests {
    /// The profile `overload`, shortened.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct OverloadTests {
        @Test func `an overload is refused in time, and nothing is refused after it`() throws {
            let folder = try Program.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let root = (1...3).reduce(URL(filePath: #filePath)) { url, _ in
                url.deletingLastPathComponent()
            }
            let lengths = [("before", 2), ("overload", 6), ("after", 4), ("beside", 6)]
            let settings = lengths.flatMap { ["--set", "load.\($0.0).for=\($0.1)s"] }
            let result = try Program.loadgen(
                ["run", "overload", "--out", folder, "--quiet"] + settings, in: root.path)
            #expect([0, 2, 3].contains(result.code), "\(result.errors)")
            let run = try Program.onlyRun(in: folder)
            let text = try Program.loadgen(["report", run, "--format", "json"]).output
            let failures = try JSONValue(parsing: text.utf8)["failures"]?.array ?? []
            // Without admission they would be timeouts, and go on after the overload.
            #expect(failures.count == 1, "\(failures.map(\.text))")
            let refused = try #require(failures.first)
            #expect(refused["operation"]?.string == "createPod")
            #expect(refused["status"]?.integer == 503)
            let (first, last) = (refused["first_due_s"]?.double, refused["last_due_s"]?.double)
            #expect((first ?? 0) >= 2, "\(refused.text)")
            #expect((last ?? 17) < 13, "\(refused.text)")
        }
    }
}
