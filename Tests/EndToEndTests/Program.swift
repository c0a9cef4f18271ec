import Foundation

/// The release build's programs as a person runs them; loopback only, every wait bounded.
enum Program {
    /// The folder of the built programs, where Scripts/test has named one.
    static let folder = ProcessInfo.processInfo.environment["LOADGEN_BIN"]

    /// Whether the programs are of the optimised build; others allocate where it does not.
    static let isOptimised = folder?.hasSuffix("/release") ?? false

    /// What a run of a program came to.
    struct Result {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Starts a program without waiting for it, in the present folder where none is named.
    static func start(
        _ name: String, _ arguments: [String], in directory: String? = nil
    ) throws -> (Process, Pipe, Pipe) {
        try start(path: path(name), arguments, in: directory)
    }

    /// Starts the reference node on a free port; stop it after use.
    static func startNode() throws -> (Process, url: String) {
        let (node, output, _) = try start("moonbase", ["--port", "0"])
        guard let url = output.line().split(separator: " ").last else {
            stop(node)
            throw CocoaError(.fileReadUnknown)
        }
        return (node, String(url))
    }

    /// Ends a program that has not ended, even one that is stopped by a signal.
    static func stop(_ process: Process) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGCONT)
        process.terminate()
        process.waitUntilExit()
    }

    /// Where a built program is.
    static func path(_ name: String) -> String { "\(folder ?? ".build/release")/\(name)" }

    private static func start(
        path: String, _ arguments: [String], in directory: String?
    ) throws -> (Process, Pipe, Pipe) {
        let process = Process()
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return (process, output, errors)
    }

    /// Runs loadgen to its end, in the present folder.
    static func loadgen(_ arguments: String...) throws -> Result { try loadgen(arguments) }

    /// Runs loadgen to its end.
    static func loadgen(_ arguments: [String], in directory: String? = nil) throws -> Result {
        try result(of: start("loadgen", arguments, in: directory))
    }

    /// Runs a line for the shell to its end.
    static func shell(_ line: String, in directory: String? = nil) throws -> Result {
        try result(of: start(path: "/bin/bash", ["-c", line], in: directory))
    }

    private static func result(of started: (Process, Pipe, Pipe)) -> Result {
        let (process, output, errors) = started
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: text, errors: words)
    }

    /// A new empty folder; remove it after use.
    static func temporaryFolder() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "loadgen-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// The one run's folder below a results folder.
    static func onlyRun(in folder: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return "\(folder)/\(names.first ?? "none")"
    }
}

extension Pipe {
    /// The next line, without its end, which may come in parts; what there is where no more comes.
    func line() -> String {
        var bytes: [UInt8] = []
        while let byte = fileHandleForReading.readData(ofLength: 1).first,
            byte != UInt8(ascii: "\n")
        {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
