import Collector
import EventLoops
import Glibc

/// Every process of the target ends at once, by SIGKILL, and what it had not synced is lost.
///
/// It needs a target that keeps from the disk what is not synced, as the package's node does with
/// `--vfs unsynced`; a killed process alone loses nothing, since the kernel writes for it. Nothing
/// undoes it: whatever watches over the target starts it again, or nothing does.
final class PowerCutFault: Fault {
    static let name = "power cut"
    let mechanism =
        "SIGKILL over pidfds to all processes of a node that keeps unsynced writes from the disk"
    private let scene: FaultScene
    private var struck: [HeldProcess] = []
    /// Where the node says how many bytes it holds; its last word stays there.
    private var report: Int32 = -1

    private static let patienceMilliseconds = 2000
    private static let secondPatienceMilliseconds = 100
    private static let napNanoseconds: UInt64 = 50_000
    private static let fileName = "/unsynced-bytes"

    static func availability() -> FaultAvailability {
        .works("the package's node with moonbase --vfs unsynced")
    }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    deinit { if report >= 0 { close(report) } }

    func prepare() async throws(FaultError) {
        struck = try scene.tree()
        for process in struck where report < 0 {
            let maps = ProcessReader.contents("/proc/\(process.id)/maps") ?? ""
            guard
                let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(Self.fileName) }
                ),
                let path = line.firstIndex(of: "/")
            else { continue }
            report = open("/proc/\(process.id)/root\(line[path...])", O_RDONLY | O_CLOEXEC)
        }
        guard report >= 0 else {
            throw FaultError(
                "no process of the target keeps unsynced writes from the disk",
                hint: "start the package's node with --vfs unsynced, or take crash")
        }
        await waitForUnsynced(milliseconds: Self.patienceMilliseconds)
    }

    /// A node that is hardly loaded has synced everything most of the time.
    private func waitForUnsynced(milliseconds: Int) async {
        let end = scene.loop.nowNanoseconds + UInt64(milliseconds) * 1_000_000
        while unsyncedBytes == 0, scene.loop.nowNanoseconds < end {
            await scene.loop.sleep(until: scene.loop.nowNanoseconds + Self.napNanoseconds)
        }
    }

    private var unsyncedBytes: UInt64 {
        var value: UInt64 = 0
        return pread(report, &value, MemoryLayout<UInt64>.size, 0) == MemoryLayout<UInt64>.size
            ? value : 0
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        try journal.intend(struck.map { .resume(pid: $0.id, start: $0.start) })
        let end = scene.loop.nowNanoseconds + UInt64(Self.patienceMilliseconds) * 1_000_000
        // A sync may end between the look and the cut; of what stands still none does.
        while true {
            await waitForUnsynced(milliseconds: Self.secondPatienceMilliseconds)
            try signal(SIGSTOP)
            _ = await scene.wait(milliseconds: Self.secondPatienceMilliseconds) {
                struck.allSatisfy { process in
                    ProcessStat(process.id).map { $0.state == "T" || $0.hasEnded } ?? true
                }
            }
            if unsyncedBytes > 0 || scene.loop.nowNanoseconds >= end { break }
            try signal(SIGCONT)
        }
        try signal(SIGKILL)
    }

    private func signal(_ number: Int32) throws(FaultError) {
        for process in struck { try process.signal(number) }
    }

    func probeEffect() async -> Proof {
        let hasEnded = await scene.wait(milliseconds: Self.patienceMilliseconds) {
            struck.allSatisfy { !ProcessStat.isAlive($0.id, start: $0.start) }
        }
        guard hasEnded else { return .refuted("a process of the target still runs") }
        let bytes = unsyncedBytes
        let words = struck.count == 1 ? "1 process is" : "\(struck.count) processes are"
        return bytes > 0
            ? .proven("\(words) gone from /proc, and \(bytes) bytes with them that were not synced")
            : .unknown("\(words) gone from /proc, and nothing was unsynced at that moment")
    }

    func probeUndo() async -> Proof { .proven("there is nothing to undo") }
}
