import FoundationEssentials
import Glibc

/// Processes and those that they started: a server with its workers.
public struct ProcessTree: Sendable, Equatable {
    /// The processes that it grows from.
    public let roots: [Int32]
    /// All of them that live, in order of their ids.
    public private(set) var members: [Int32]

    /// The tree of these processes as it is now; O(processes of the machine).
    public init(roots: [Int32]) {
        self.roots = roots
        members = []
        update()
    }

    /// Looks for children again.
    public mutating func update() {
        let parents = Self.parents()
        var found = Set(roots.filter { parents[$0] != nil })
        var last = 0
        while found.count > last {
            last = found.count
            for (child, parent) in parents where found.contains(parent) { found.insert(child) }
        }
        members = found.sorted()
    }

    /// The processes that listen on a TCP port of this machine; of a server with workers that
    /// share the socket, the first.
    public static func listening(on port: Int) -> ProcessTree? {
        let sockets = ListeningSockets.names(port: port)
        guard !sockets.isEmpty else { return nil }
        let parents = parents()
        let owners = parents.keys.filter { id in
            let files = ProcessReader.openFileNames(of: String(id)) ?? []
            return files.contains { sockets.contains(ProcessReader.link(at: $0)) }
        }
        let roots = owners.filter { id in parents[id].map { !owners.contains($0) } ?? true }
        return roots.isEmpty ? nil : ProcessTree(roots: roots.sorted())
    }

    /// Every process of the machine that is not only waited for, with its parent.
    private static func parents() -> [Int32: Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var parents: [Int32: Int32] = [:]
        for name in names {
            guard let id = Int32(name) else { continue }
            let fields = ProcessReader.statFields(name)
            guard fields.count > 1, fields[0] != "Z" else { continue }
            parents[id] = Int32(fields[1])
        }
        return parents
    }
}
