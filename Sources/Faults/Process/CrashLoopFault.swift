import EventLoops
import Glibc

/// What starts instead of a process that crashed crashes, too, for as long as the fault is held.
///
/// With `port`, whoever listens there is ended; else what the named processes have started, which
/// they are expected to start again; so `target` and `workers` mean the same.
final class CrashLoopFault: Fault {
    static let name = "crash loop"
    let mechanism = "SIGKILL over a pidfd to each new process, looked for every 20 ms"
    private let scene: FaultScene
    private var struck: [HeldProcess] = []
    private var isHeld = false
    private var problem: FaultError?

    private static let lookNanoseconds: UInt64 = 20_000_000
    private static let patienceMilliseconds = 2000

    static func availability() -> FaultAvailability {
        .works("SIGKILL over a pidfd to each new process")
    }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        // It ends with this process, so that the guard has nothing to undo.
        isHeld = true
        look()
        if let problem { throw problem }
    }

    /// Ends what is new, and comes again.
    private func look() {
        do throws(FaultError) { try endNew() } catch {
            problem = error
            return
        }
        scene.loop.call(self, at: scene.loop.nowNanoseconds + Self.lookNanoseconds)
    }

    private func endNew() throws(FaultError) {
        var victims: [HeldProcess] = []
        switch scene.victim {
        case .listener, .workers:
            // Between two lives there is nobody.
            for id in (try? scene.roots()) ?? [] {
                if let process = try HeldProcess.ifAlive(id) { victims.append(process) }
            }
        default:
            let roots = try scene.roots()
            victims = try scene.tree().filter { !roots.contains($0.id) }
        }
        for process in victims where !struck.contains(where: { $0.id == process.id }) {
            try process.signal(SIGKILL)
            struck.append(process)
        }
    }

    func probeEffect() async -> Proof {
        let patience = scene.patience(milliseconds: Self.patienceMilliseconds)
        let hasEnded = await scene.wait(milliseconds: patience) {
            struck.count > 1 && struck.allSatisfy { !ProcessStat.isAlive($0.id, start: $0.start) }
        }
        if hasEnded { return .proven("\(struck.count) processes in turn are gone from /proc") }
        return struck.isEmpty
            ? .refuted("no process was there to be ended")
            : .unknown("\(struck.count) process was ended, and none started again meanwhile")
    }

    func release() async { isHeld = false }

    func probeUndo() async -> Proof {
        if let problem { return .unknown("\(problem)") }
        return isHeld ? .refuted("processes are still ended") : .proven("no process is ended now")
    }
}

extension CrashLoopFault: TimerHandler {
    func timerFired(at now: UInt64) {
        if isHeld { look() }
    }
}
