public import Collector
public import EventLoops
import Glibc
import Measurements

/// The pages of a target's processes, as far as they are under the probe.
///
/// Confined to the control loop.
public final class ProbedProcesses {
    /// The pages, one a process.
    public private(set) var pages: [ProbePage] = []
    private var members: [Int32] = []

    private static let answerNanoseconds: UInt64 = 100_000_000
    private static let dumpNanoseconds: UInt64 = 10_000_000_000
    private static let napNanoseconds: UInt64 = 500_000

    /// Looks for the pages of these processes: a process has a new one after exec.
    func update(_ members: [Int32]) {
        self.members = members
        pages = members.compactMap { ProbePage(of: $0) }
    }

    /// Whether a heap profile can be had of any of them.
    public var isProfiling: Bool { pages.contains(where: \.isProfiling) }

    /// The sum over all processes; `nil` if one of them is not under the probe, since a part
    /// is no measure of the whole.
    var reading: ProcessReading? {
        guard !pages.isEmpty, pages.count == members.count else { return nil }
        let readings = pages.compactMap(\.reading)
        return readings.count == pages.count ? ProcessReading(sum: readings) : nil
    }

    /// Has every process read its allocator now.
    func refresh(on loop: EventLoop) async {
        for page in pages { page.ask() }
        await wait(on: loop, atMost: Self.answerNanoseconds)
    }

    /// Has every process that profiles its heap write what lives; the paths by process.
    public func dump(_ name: String, on loop: EventLoop) async -> [Int32: String] {
        let asked = pages.filter(\.isProfiling).map { page in
            (page: page, path: "\(page.folder)/\(page.process).\(name).heap")
        }
        for (page, path) in asked { page.ask(dumpPath: path) }
        await wait(on: loop, atMost: Self.dumpNanoseconds)
        let written = asked.filter { $0.page.hasAnswered && $0.page.dumpProblem == 0 }
        return Dictionary(
            written.map { ($0.page.process, $0.path) }, uniquingKeysWith: { first, _ in first })
    }

    private func wait(on loop: EventLoop, atMost limit: UInt64) async {
        let end = loop.nowNanoseconds + limit
        while !pages.allSatisfy(\.hasAnswered), loop.nowNanoseconds < end {
            await loop.sleep(until: loop.nowNanoseconds + Self.napNanoseconds)
        }
    }
}
