import Foundation

/// A run whose target, or which itself, is stopped by a signal for a while, and let go on.
struct StoppedRun {
    /// Who is stopped.
    enum Part { case target, generator, both }

    /// What the run left behind.
    let path: String
    /// How loadgen ended.
    let code: Int32
    /// Between what times the part stood still at least, in seconds of the load.
    let stops: [(begin: Double, end: Double)]

    /// Runs a profile on a node of its own.
    ///
    /// - Parameter stops: when each stop begins, and how long it is, in seconds of the load.
    init(
        _ profile: String, stopping part: Part, stops wanted: [(at: Double, seconds: Double)],
        in folder: String
    ) throws {
        let (node, url) = try Program.startNode()
        defer { Program.stop(node) }
        let file = "\(folder)/stopped.yaml"
        try profile.write(toFile: file, atomically: true, encoding: .utf8)
        let results = "\(folder)/runs"
        let (run, output, _) = try Program.start(
            "loadgen", ["run", file, "--target", url, "--out", results, "--quiet"])
        defer { Program.stop(run) }
        // The target stands still for no longer than who would notice it.
        let generator = part == .target ? [] : [run.processIdentifier]
        let parts = generator + (part == .generator ? [] : [node.processIdentifier])
        let start = try LoadClock.start(of: run, in: results)
        var stops: [(begin: Double, end: Double)] = []
        for stop in wanted {
            LoadClock.sleep(until: start + stop.at)
            for pid in parts { kill(pid, SIGSTOP) }
            let begin = LoadClock.now - start
            LoadClock.sleep(until: start + begin + stop.seconds)
            stops.append((begin, LoadClock.now - start))
            for pid in parts.reversed() { kill(pid, SIGCONT) }
        }
        _ = output.fileHandleForReading.readDataToEndOfFile()
        run.waitUntilExit()
        (path, code) = (try Program.onlyRun(in: results), run.terminationStatus)
        self.stops = stops
    }
}
