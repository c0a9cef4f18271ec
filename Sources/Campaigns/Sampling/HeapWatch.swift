import Collector
import EventLoops
import FoundationEssentials
import Glibc
import HeapProfiles
import Measurements
import Statistics
import Targets

/// Looks into the heaps of the target's processes at the first trough and at the last one.
///
/// Confined to the control loop.
final class HeapWatch {
    private struct Look {
        let timeSeconds: Double
        let requests: Int
        /// Heap profiles as text, by process; empty where none are made.
        let dumps: [Int32: String]
        let sizes: [UInt64: Int64]
    }

    private let processes: ProbedProcesses
    private let loop: EventLoop
    private var first: Look?
    private var last: Look?

    /// Bytes of a heap profile that are read; each stack takes some 200.
    private static let maximumDumpBytes = 64 << 20
    private static let maximumSizes = 10
    /// Of one size; the page that says so is the target's to write, and no sum may overflow.
    private static let maximumObjects: UInt64 = 1 << 40

    init(_ processes: ProbedProcesses, on loop: EventLoop) {
        self.processes = processes
        self.loop = loop
    }

    /// Whether there is a first look to compare a later one with.
    var hasFirst: Bool { first != nil }
    /// Whether there is a last one.
    var hasLast: Bool { last != nil }

    /// Takes a look: the first, or one that stands for the last.
    func look(timeSeconds: Double, requests: Int) async {
        guard !processes.pages.isEmpty else { return }
        var dumps: [Int32: String] = [:]
        let name = first == nil ? "first" : "last"
        for (process, path) in await processes.dump(name, on: loop) {
            defer { unlink(path) }
            guard let data = FileManager.default.contents(atPath: path),
                data.count <= Self.maximumDumpBytes
            else { continue }
            dumps[process] = String(decoding: data, as: UTF8.self)
        }
        var sizes: [UInt64: Int64] = [:]
        for entry in processes.pages.flatMap(\.sizeClasses) {
            sizes[entry.sizeBytes, default: 0] += Int64(min(entry.objects, Self.maximumObjects))
        }
        let look = Look(
            timeSeconds: timeSeconds, requests: requests, dumps: dumps, sizes: sizes)
        if first == nil { first = look } else { last = look }
    }

    /// What grew between the looks; `nil` if there were not two.
    var growth: HeapGrowth? {
        guard let first, let last else { return nil }
        var growth = HeapGrowth(
            firstSeconds: first.timeSeconds, lastSeconds: last.timeSeconds,
            requests: last.requests - first.requests, sizes: Self.sizes(first, last))
        guard processes.isProfiling else { return growth }
        do {
            let comparison = try Self.compare(first, last)
            guard comparison.processes > 0 else {
                growth.problem = "no process wrote a heap profile at both ends of the run"
                return growth
            }
            growth.sampleBytes = comparison.sampleBytes
            growth.stacks = comparison.stacks
        } catch {
            growth.problem = "a heap profile cannot be read: \(error)"
        }
        return growth
    }

    private static func compare(
        _ first: Look, _ last: Look
    ) throws(HeapDumpError) -> HeapComparison {
        var comparison = HeapComparison()
        for (process, text) in last.dumps.sorted(by: { $0.key < $1.key }) {
            let dump = try HeapDump(parsing: text)
            // A process that came later began with nothing.
            let before = try HeapDump(
                parsing: first.dumps[process] ?? "heap_v2/\(Int(dump.sampleBytes))\n")
            let symbols = SymbolTable(maps: dump.maps)
            comparison.add(first: before, last: dump, frames: symbols.frames)
        }
        return comparison
    }

    private static func sizes(_ first: Look, _ last: Look) -> [HeapGrowth.SizeClass] {
        let changes = last.sizes.map { size, objects in
            HeapGrowth.SizeClass(
                sizeBytes: size, objects: objects - (first.sizes[size] ?? 0))
        }
        func bytes(_ change: HeapGrowth.SizeClass) -> Double {
            Double(change.sizeBytes) * Double(change.objects)
        }
        return Array(
            changes.filter { $0.objects != 0 }.sorted { bytes($0) > bytes($1) }
                .prefix(maximumSizes))
    }
}
