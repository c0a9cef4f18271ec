import Glibc
import Profiles

/// The processes of the target get no more address space; or so many bytes in all as are given.
///
/// What asks for memory is told that there is none. A control group's limit would kill instead.
final class MemoryFault: Fault {
    static let name = "memory"
    let mechanism = "prlimit of RLIMIT_AS on each running process; the hard limit stays"
    private let scene: FaultScene
    private var limit = ResourceLimit(resource: 9, title: "Max address space")

    static func availability() -> FaultAvailability { .works("prlimit of RLIMIT_AS") }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        try limit.lower(try scene.tree(), journal) { id in
            scene.settings.limit.map { UInt64($0) } ?? ProcessLimits.addressSpace(of: id)
        }
    }

    func probeEffect() async -> Proof { limit.probe(\.new) }

    func probeUndo() async -> Proof { limit.probe(\.old) }
}
