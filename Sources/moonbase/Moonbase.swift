import ArgumentParsing
import EventLoops
import Glibc
import MoonbaseNode

@main
struct Moonbase {
    /// Set to the process id of the parent where the node is to end with it.
    static let parentVariable = "MOONBASE_EXIT_WITH_PARENT"

    static func main() async {
        guard ParentProcess.follow(parentVariable, signal: SIGTERM) else { exit(0) }
        Descriptors.reserve()
        let words = Array(CommandLine.arguments.dropFirst())
        if NodeConfiguration.syntax.isHelp(words) {
            print(NodeConfiguration.syntax.help(of: "moonbase"))
            print("SIGTERM lets requests under way end, and exits 0.\n")
            exit(0)
        }
        // A closure written here would be the main actor's, and keep to its thread.
        exit(await run(words))
    }

    nonisolated private static func run(_ words: [String]) async -> Int32 {
        let configuration: NodeConfiguration
        do { configuration = try NodeConfiguration(words) } catch {
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
        } catch let error as UsageError {
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
