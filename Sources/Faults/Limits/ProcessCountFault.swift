import EventLoops
import Profiles

/// The target can start no further process or thread; or have so many as are given.
final class ProcessCountFault: Fault {
    static let name = "pids"
    var mechanism: String { limit.mechanism }
    private let limit: GroupLimit

    static func availability() -> FaultAvailability { GroupLimit.availability(.pids) }

    init(_ scene: FaultScene) throws(FaultError) { limit = GroupLimit(.pids, scene) }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        let settings = limit.scene.settings
        try limit.apply(journal) { (group) throws(FaultError) in
            let number = settings.limit ?? Self.number(group.read("pids.current")) ?? 1
            try group.write("\(number)", to: "pids.max")
        }
    }

    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0.filter(\.isNumber)) }
    }

    func probeEffect() async -> Proof {
        guard let most = Self.number(limit.group?.read("pids.max")),
            let present = Self.number(limit.group?.read("pids.current"))
        else { return .refuted("the group has no limit") }
        let refused =
            Self.number(
                limit.group?.read("pids.events")?.split(separator: "\n").first.map(String.init))
            ?? 0
        let words = "the kernel counts \(present) of \(most) that are allowed"
        return present >= most || refused > 0
            ? .proven("\(words), and has refused \(refused)") : .unknown(words)
    }

    func probeUndo() async -> Proof { await limit.probeUndo() }
}
