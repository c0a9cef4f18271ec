import Glibc

/// The processes of the target are asked to end, by SIGTERM.
///
/// Nothing undoes it: whatever watches over the target starts it again, or nothing does.
final class StopFault: Fault {
    static let name = "stop"
    let mechanism = "SIGTERM over a pidfd, which no other process can be meant by"
    private let scene: FaultScene
    private var struck: [HeldProcess] = []

    /// One that ends in order finishes its requests first.
    private static let patienceMilliseconds = 10_000

    static func availability() -> FaultAvailability { .works("SIGTERM over a pidfd") }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        for id in try scene.roots() { struck.append(try HeldProcess(id)) }
        for process in struck { try process.signal(SIGTERM) }
    }

    func probeEffect() async -> Proof {
        let hasEnded = await scene.wait(milliseconds: Self.patienceMilliseconds) {
            struck.allSatisfy { !ProcessStat.isAlive($0.id, start: $0.start) }
        }
        let words = struck.map { "process \($0.id)" }.joined(separator: ", ")
        return hasEnded
            ? .proven("\(words) is gone from /proc")
            : .refuted("\(words) still runs 10 s after SIGTERM")
    }

    func probeUndo() async -> Proof { .proven("there is nothing to undo") }
}
