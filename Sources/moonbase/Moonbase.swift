import CLinux
import Contracts
import FoundationEssentials
import Glibc
import MoonbaseNode

@main
struct Moonbase {
    private static let help = """
        moonbase: the reference node of the Moonbase v0 API

        usage: moonbase [FLAG]...

        flags:
          --port NUMBER     where it listens; 4343, and 0 picks a free one and prints it
          --host ADDRESS    an IPv4 address; 127.0.0.1
          --data DIR        where it keeps its data; a temporary folder, removed at the end
          --threads NUMBER  threads that serve connections; one for each core, at least 2

        examples:
          moonbase
          moonbase --port 0 --data node-data

        SIGTERM lets requests under way end, and exits 0.

        """

    static func main() {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ words: [String]) -> Int32 {
        if words.contains("--help") || words.contains("-h") {
            print(help)
            return 0
        }
        var values = [
            "--port": "4343", "--host": "127.0.0.1", "--data": "",
            "--threads": String(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
        ]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard values[word] != nil else {
                return complain(
                    "there is no flag \(word); there are --port, --host, --data, --threads", 64)
            }
            guard let value = rest.popFirst() else { return complain("\(word) wants a value", 64) }
            values[word] = value
        }
        guard let port = Int(values["--port"] ?? ""), (0...65535).contains(port) else {
            return complain(
                "--port is a number from 0 to 65535, not \"\(values["--port"] ?? "")\"", 64)
        }
        guard let threads = Int(values["--threads"] ?? ""), (1...256).contains(threads) else {
            return complain(
                "--threads is a number from 1 to 256, not \"\(values["--threads"] ?? "")\"", 64)
        }
        do {
            try serve(
                host: values["--host"] ?? "", port: port, threads: threads,
                data: values["--data"] ?? "")
            return 0
        } catch { return complain("\(error)", 1) }
    }

    private static func serve(host: String, port: Int, threads: Int, data: String) throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
        if getenv("MOONBASE_EXIT_WITH_PARENT") != nil { _ = linux_signal_on_parent_death(SIGTERM) }
        let isTemporary = data.isEmpty
        let folder =
            isTemporary
            ? "\(FileManager.default.temporaryDirectory.path)/moonbase-\(getpid())" : data
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if isTemporary { try? FileManager.default.removeItem(atPath: folder) } }
        let node = try Node(folder: folder, contract: try Contract(builtIn: "moonbase-v0"))
        let server = try Server(node: node, host: host, port: port, threads: threads)
        print("moonbase listens on http://\(host):\(server.port)")
        fflush(nil)
        var number: Int32 = 0
        sigwait(&signals, &number)
        server.drain()
        node.close()
    }

    private static func complain(_ text: String, _ code: Int32) -> Int32 {
        let bytes = Array("moonbase: \(text)\n".utf8)
        _ = write(2, bytes, bytes.count)
        return code
    }
}
