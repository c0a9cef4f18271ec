import EventLoops
import Glibc
import MoonbaseNode

@main
struct Moonbase {
    private static let help = """
        moonbase: the reference node of the Moonbase v0 API

        usage: moonbase [FLAG VALUE]...

        flags:
          --config FILE        settings as YAML; each flag below is a key of it, spaces for dashes
          --port NUMBER        where it listens; 4343, and 0 picks a free one and prints it
          --host ADDRESS       an IPv4 address; 127.0.0.1
          --admin-port NUMBER  a second port, on 127.0.0.1, where a request may ask for a fault
          --data DIR           where it keeps its data; a temporary folder, removed at the end
          --threads NUMBER     event loops that serve connections; one for each core
          --supervise true     a second process owns the socket and restarts the node
          --inject PLAN        misbehaves as the file says, and counts it in /metrics
          --memory-limit SIZE  what memory may grow to; 2GiB
          --log-level LEVEL    debug, info, warn or error, to standard error; warn
          --group-commit false each write has a commit of its own, to compare with
          --vfs unsynced       keeps writes from the disk until they are synced, to test crashes

        examples:
          moonbase
          moonbase --port 0 --data node-data
          moonbase --config moonbase.yaml --supervise true

        SIGTERM lets requests under way end, and exits 0.

        """

    /// Set to the process id of the parent where the node is to end with it.
    static let parentVariable = "MOONBASE_EXIT_WITH_PARENT"

    static func main() async {
        guard ParentProcess.follow(parentVariable, signal: SIGTERM) else { exit(0) }
        Descriptors.reserve()
        let words = Array(CommandLine.arguments.dropFirst())
        if words.contains("--help") || words.contains("-h") {
            print(help)
            exit(0)
        }
        // A closure written here would be the main actor's, and keep to its thread.
        exit(await run(words))
    }

    nonisolated private static func run(_ words: [String]) async -> Int32 {
        let configuration: NodeConfiguration
        do { configuration = try Arguments.configuration(from: words) } catch {
            return complain("\(error)", 64)
        }
        do {
            if configuration.isSupervised, getenv(Supervisor.workerVariable) == nil {
                return try Supervisor(configuration, words).run()
            }
            try await Worker(configuration).run()
            return 0
        } catch let error as SettingsError {
            return complain("\(error)", 64)
        } catch { return complain("\(error)", 1) }
    }

    nonisolated static func complain(_ text: String, _ code: Int32) -> Int32 {
        let lines = text.split(separator: "\n").map { "moonbase: \($0)\n" }.joined()
        let bytes = Array(lines.utf8)
        _ = write(2, bytes, bytes.count)
        return code
    }
}
