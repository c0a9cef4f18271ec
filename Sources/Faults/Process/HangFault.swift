import EventLoops
import Glibc

/// Every process of the target stands still: it has its sockets, and does nothing.
///
/// The kernel goes on accepting connections for it, so that clients wait instead of being refused.
final class HangFault: Fault {
    static let name = "hang"
    private(set) var mechanism = ""
    private let scene: FaultScene
    private var group: ControlGroup?
    private var struck: [HeldProcess] = []
    private var ticks: [UInt64] = []

    /// Whether control groups are used where they can be.
    @TaskLocal static var mayFreeze = true

    private static let patienceMilliseconds = 1000
    /// Some ticks of CPU time.
    private static let lookNanoseconds: UInt64 = 30_000_000
    /// A tree that grows faster than it is stopped is given up.
    private static let maximumRounds = 20

    static func availability() -> FaultAvailability {
        ControlGroup.isUsable(.freezer)
            ? .works("the freezer of a control group") : .works("SIGSTOP to each process")
    }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        let tree = try scene.tree()
        let name = "loadgen-\(scene.run)-\(journal.id)"
        let freezer =
            Self.mayFreeze ? ControlGroup(.freezer, named: name, for: tree.map(\.id)) : nil
        // Their supervisor is to be able to end them.
        let mustBeNewer = if case .workers = scene.victim { true } else { false }
        if let group = freezer, group.isNewer || !mustBeNewer {
            mechanism = "the freezer of \(group.path), which new processes are caught by as well"
            self.group = group
            try journal.intend([group.inverse])
            try group.make()
            struck = try group.move { () throws(FaultError) in try scene.tree() }
            try group.write("1", to: "cgroup.freeze", orElse: ("FROZEN", "freezer.state"))
        } else {
            mechanism =
                "SIGSTOP to each process, since "
                + (freezer == nil
                    ? "no freezer can be written here"
                    : "no supervisor can end what a freezer of version 1 holds")
            try stopEach(journal)
        }
        // A process that another one runs in is still on its way to stand.
        let struck = struck
        _ = await scene.wait(milliseconds: Self.patienceMilliseconds) { standsStill(struck) }
        ticks = struck.map { ProcessStat($0.id)?.ticks ?? 0 }
    }

    /// Parents first; what a process has started before it stopped is found in the next round.
    private func stopEach(_ journal: FaultJournal) throws(FaultError) {
        for _ in 0..<Self.maximumRounds {
            let known = Set(struck.map(\.id))
            let more = try scene.tree().filter { !known.contains($0.id) }
            if more.isEmpty { return }
            try journal.intend(more.map { .resume(pid: $0.id, start: $0.start) })
            for process in more { try process.signal(SIGSTOP) }
            struck += more
        }
        throw FaultError(
            "the target starts processes faster than they can be stopped",
            hint: "let loadgen write control groups, which stop all at once")
    }

    private func standsStill(_ processes: [HeldProcess]) -> Bool {
        if let group {
            return group.read("cgroup.events")?.contains("frozen 1")
                ?? group.read("freezer.state")?.hasPrefix("FROZEN") ?? false
        }
        return processes.allSatisfy {
            ProcessStat($0.id).map { $0.state == "T" || $0.hasEnded } ?? true
        }
    }

    func probeEffect() async -> Proof {
        await scene.loop.sleep(until: scene.loop.nowNanoseconds + Self.lookNanoseconds)
        let stats = struck.map { ProcessStat($0.id) }
        guard stats.contains(where: { $0 != nil }) else { return .unknown("the target has ended") }
        if let working = zip(zip(struck, ticks), stats).first(where: { ($1?.ticks ?? 0) > $0.1 }) {
            return .refuted("process \(working.0.0.id) still uses CPU time")
        }
        guard standsStill(struck) else { return .refuted("not every process stands still") }
        return .proven(
            struck.count == 1
                ? "1 process stands still, and uses no CPU time"
                : "\(struck.count) processes stand still, and use no CPU time")
    }

    func probeUndo() async -> Proof {
        let isBack = await scene.wait(milliseconds: Self.patienceMilliseconds) {
            group.map { !$0.exists } ?? true
                && struck.allSatisfy { process in
                    guard let stat = ProcessStat(process.id), stat.start == process.start else {
                        return true
                    }
                    return stat.state != "T"
                        && !ControlGroup.groups(of: process.id).contains("loadgen-\(scene.run)-")
                }
        }
        return isBack
            ? .proven("no process is stopped, or in a group of loadgen's")
            : .refuted("a process is still stopped, or in a group of loadgen's")
    }
}
