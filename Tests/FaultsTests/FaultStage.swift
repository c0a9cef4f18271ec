import EventLoops
import Foundation
import Testing

@testable import Faults

/// A loop, a folder for journals and the guard that is built beside the tests.
final class FaultStage {
    let loop: EventLoop
    let folder: String
    let run = "test-\(UUID().uuidString.prefix(8))"
    private var children: [StagedShell] = []

    init() throws {
        loop = try EventLoop(name: "faults")
        folder = FileManager.default.temporaryDirectory.path + "/loadgen-faults-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        for child in children { child.end() }
        loop.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var journal: String { "\(folder)/\(run).journal" }

    static func guardProgram() throws -> String {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let line = try #require(
            maps.split(separator: "\n").first { $0.hasSuffix("PackageTests.xctest") })
        let path = try #require(line.firstIndex(of: "/"))
        return URL(filePath: String(line[path...])).deletingLastPathComponent().path
            + "/chaos-guard"
    }

    func runner() throws -> FaultRunner {
        try FaultRunner(
            run: run, loop: loop, guardProgram: Self.guardProgram(), journals: folder)
    }

    /// Starts a shell with a script, which is ended with the stage; once it has said a line.
    ///
    /// In the script, `on` is true while the tests run.
    func start(_ script: String) throws -> (id: Int32, line: String) {
        // Whatever becomes of the tests, nothing works without end.
        let child = try StagedShell("on() { [ -e /proc/$PPID ]; }; \(script)")
        children.append(child)
        return (child.id, child.line)
    }

    /// A shell with a child; both work without end.
    func startBusy() throws -> (id: Int32, child: Int32) {
        let (id, line) = try start(
            "while on; do sleep 0.001; done & echo $!; while on; do sleep 0.001; done")
        return (id, try #require(Int32(line)))
    }

    /// Waits for a cause that something outside brings about.
    static func wait(until isTrue: () -> Bool) {
        while !isTrue() { usleep(1000) }
    }
}
