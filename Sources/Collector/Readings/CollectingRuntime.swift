import Glibc

/// Runtimes whose memory grows until their collector runs, so that growth alone is no leak.
public enum CollectingRuntime {
    private static let programs: Set<String> = [
        "node", "nodejs", "java", "deno", "bun", "dotnet", "mono", "ruby", "beam.smp",
    ]
    private static let libraries = [
        "/libnode.so": "node", "/libjvm.so": "java", "/libcoreclr.so": "dotnet",
        "/libruby": "ruby",
    ]
    /// The header and the name of the note that Go's linker writes near a file's beginning.
    private static let goNote: (head: [UInt8], name: [UInt8]) = ([4, 0, 0, 0], [71, 111, 0, 0])

    /// The runtime of a process; `nil` for one that frees memory by itself.
    public static func name(of id: String) -> String? {
        let path = "/proc/\(id)/exe"
        let program = ProcessReader.link(at: path).split(separator: "/").last.map(String.init) ?? ""
        if programs.contains(program) { return program }
        let maps = ProcessReader.contents("/proc/\(id)/maps") ?? ""
        if let library = libraries.first(where: { maps.contains($0.key) }) { return library.value }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: 4096)
        head.removeLast(head.count - max(0, read(descriptor, &head, head.count)))
        return isGo(head) ? "go" : nil
    }

    /// Whether a file that begins with these bytes is Go's: the note's sizes and type, then `Go`.
    static func isGo(_ head: [UInt8]) -> Bool {
        head.indices.dropLast(15).contains { index in
            index % 4 == 0 && head[index..<index + 4].elementsEqual(goNote.head)
                && head[index + 8..<index + 12].elementsEqual(goNote.head)
                && head[index + 12..<index + 16].elementsEqual(goNote.name)
        }
    }
}
