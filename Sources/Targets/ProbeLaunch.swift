import CProbePage
import Collector
import FoundationEssentials
import Glibc

/// What a program is started with, so that jemalloc and the probe are loaded into it.
public struct ProbeLaunch: Sendable {
    /// Where its processes have their pages.
    public let folder: String
    private let libraries: [String]
    private let profilesHeap: Bool

    private static let prefix = "loadgen-probe-"
    /// A stack is recorded once in so many bytes of allocations: 2^14.
    ///
    /// A leak of 16 B a request in 120,000 requests is then seen some 120 times, and a program that
    /// allocates 10 MB/s spends below 1 % of a core on it.
    private static let sampleBits = 14

    /// Makes the folder of the pages.
    ///
    /// - Parameters:
    ///   - library: the probe, as libAllocatorProbe.so beside loadgen.
    ///   - profilesHeap: whether jemalloc records the stacks of live memory.
    /// - Throws: `CampaignError` where the probe or jemalloc is missing, or no folder can be made.
    public init(library: String, profilesHeap: Bool) throws(CampaignError) {
        guard access(library, R_OK) == 0 else {
            throw CampaignError(
                .failure, "the probe is not at \(library)", hint: "build it with Scripts/build")
        }
        guard let jemalloc = Self.mapped("/libjemalloc.so") else {
            throw CampaignError(
                .failure, "loadgen runs without jemalloc, which the probe reads",
                hint: "install libjemalloc2, and build with Scripts/build")
        }
        libraries = [jemalloc, library]
        if let odd = libraries.first(where: { $0.contains(" ") || $0.contains(":") }) {
            throw CampaignError(
                .failure, "LD_PRELOAD takes no path with a space or a colon, as \(odd)",
                hint: "move the folder of loadgen to another")
        }
        self.profilesHeap = profilesHeap
        folder = try Self.makeFolder()
    }

    /// The path of a library that this process has loaded.
    static func mapped(_ name: String) -> String? {
        let maps = ProcessReader.contents("/proc/self/maps") ?? ""
        let line = maps.split(separator: "\n").first { $0.contains(name) }
        return line.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
    }

    /// Memory that is shared is a file in a file system of memory; elsewhere the disk would be
    /// written every second.
    private static func makeFolder() throws(CampaignError) -> String {
        let runtime = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }
        for parent in ["/dev/shm", runtime, "/tmp"].compactMap({ $0 }) {
            sweep(parent)
            var path = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
            guard mkdtemp(&path) != nil else { continue }
            let folder = String(decoding: path.dropLast().map(UInt8.init), as: UTF8.self)
            // A server that root starts has workers of another user, which write there, too.
            if geteuid() == 0 { chmod(folder, 0o1777) }
            return folder
        }
        throw CampaignError(
            .failure, "no folder for the pages of the probe: \(errnoWords())",
            hint: "make /dev/shm writable, or set XDG_RUNTIME_DIR to a folder that is")
    }

    /// Removes the folders of programs that were killed: pages of processes that are no more.
    private static func sweep(_ parent: String) {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: parent)) ?? []
        where name.hasPrefix(prefix) {
            let names = (try? files.contentsOfDirectory(atPath: "\(parent)/\(name)")) ?? []
            let isDead = names.allSatisfy { entry in
                guard let process = Int32(entry.prefix { $0.isNumber }) else { return true }
                return kill(process, 0) != 0 && errno == ESRCH
            }
            // An empty one may belong to a program that starts just now.
            guard isDead, !names.isEmpty else { continue }
            for entry in names { unlink("\(parent)/\(name)/\(entry)") }
            rmdir("\(parent)/\(name)")
        }
    }

    /// The environment of the program.
    public func environment(over own: [String: String]) -> [String: String] {
        var environment = own
        let before = own["LD_PRELOAD"].map { [$0] } ?? []
        environment["LD_PRELOAD"] = (libraries + before).joined(separator: " ")
        environment[PROBE_FOLDER_VARIABLE] = folder
        if profilesHeap {
            let settings = "prof:true,prof_stats:true,lg_prof_sample:\(Self.sampleBits)"
            environment["MALLOC_CONF"] = [own["MALLOC_CONF"], settings].compactMap { $0 }
                .joined(separator: ",")
        }
        return environment
    }

    /// Removes the folder where no process has a page in it.
    public func remove() { rmdir(folder) }
}
