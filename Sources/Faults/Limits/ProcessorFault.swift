import EventLoops
import Profiles

/// The processes of the target together get a share of one core: a tenth, unless it is given.
final class ProcessorFault: Fault {
    static let name = "cpu"
    var mechanism: String { limit.mechanism }
    private let limit: GroupLimit

    private static let periodMicroseconds = 100_000
    /// The kernel's smallest quota.
    private static let minimumMicroseconds = 1000
    private static let patienceMilliseconds = 1000

    static func availability() -> FaultAvailability { GroupLimit.availability(.cpu) }

    init(_ scene: FaultScene) throws(FaultError) { limit = GroupLimit(.cpu, scene) }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        let share = limit.scene.settings.share ?? 0.1
        let quota = max(
            Self.minimumMicroseconds, Int(share * Double(Self.periodMicroseconds)))
        try limit.apply(journal) { (group) throws(FaultError) in
            try group.write(
                "\(quota) \(Self.periodMicroseconds)", to: "cpu.max",
                orElse: ("\(quota)", "cpu.cfs_quota_us"))
        }
    }

    /// The scheduler counts the periods in which somebody had to wait.
    private var throttled: Int {
        let lines = (limit.group?.read("cpu.stat") ?? "").split(separator: "\n")
        return lines.first { $0.hasPrefix("nr_throttled ") }
            .flatMap { Int($0.dropFirst(13)) } ?? 0
    }

    func probeEffect() async -> Proof {
        let patience = limit.scene.patience(milliseconds: Self.patienceMilliseconds)
        let hasStruck = await limit.scene.wait(milliseconds: patience) {
            throttled > 0
        }
        return hasStruck
            ? .proven("the scheduler has let the target wait in \(throttled) periods")
            : .unknown("the target has not wanted more than it gets")
    }

    func probeUndo() async -> Proof { await limit.probeUndo() }
}
