import EventLoops
import Profiles

/// The processes of the target together get so much further memory: 16 MiB, unless it is given.
///
/// What they have already stays theirs and does not count. Where nothing can be reclaimed the
/// kernel ends one of them.
final class MemoryLimitFault: Fault {
    static let name = "memory limit"
    var mechanism: String { limit.mechanism }
    private let limit: GroupLimit

    private static let defaultBytes = 16 << 20
    private static let patienceMilliseconds = 1000

    static func availability() -> FaultAvailability { GroupLimit.availability(.memory) }

    init(_ scene: FaultScene) throws(FaultError) { limit = GroupLimit(.memory, scene) }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        let bytes = limit.scene.settings.limit ?? Self.defaultBytes
        try limit.apply(journal, whileEmpty: true) { (group) throws(FaultError) in
            try group.write(
                "\(bytes)", to: "memory.max", orElse: ("\(bytes)", "memory.limit_in_bytes"))
        }
    }

    /// How often the kernel has refused memory, or had to reclaim some.
    private var refused: Int {
        if let text = limit.group?.read("memory.failcnt") {
            return Int(text.filter(\.isNumber)) ?? 0
        }
        let lines = (limit.group?.read("memory.events") ?? "").split(separator: "\n")
        return lines.first { $0.hasPrefix("max ") }.flatMap { Int($0.dropFirst(4)) } ?? 0
    }

    func probeEffect() async -> Proof {
        let patience = limit.scene.patience(milliseconds: Self.patienceMilliseconds)
        let hasStruck = await limit.scene.wait(milliseconds: patience) { refused > 0 }
        return hasStruck
            ? .proven("the kernel counts \(refused) times that the limit was reached")
            : .unknown("the target has not asked for more than it gets")
    }

    func probeUndo() async -> Proof { await limit.probeUndo() }
}
