import EventLoops
import Glibc
import Profiles

/// The processes of the target may open no further file; or so many as are given.
///
/// What is open stays open.
final class OpenFilesFault: Fault {
    static let name = "open files"
    let mechanism = "prlimit of RLIMIT_NOFILE on each running process; the hard limit stays"
    private let scene: FaultScene
    private var limit = ResourceLimit(resource: 7, title: "Max open files")

    static func availability() -> FaultAvailability { .works("prlimit of RLIMIT_NOFILE") }

    init(_ scene: FaultScene) throws(FaultError) { self.scene = scene }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        try limit.lower(try scene.tree(), journal) { id in
            if let limit = scene.settings.limit { return UInt64(limit) }
            return Descriptors.count(openIn: String(id)).map { UInt64($0) }
        }
    }

    func probeEffect() async -> Proof { limit.probe(\.new) }

    func probeUndo() async -> Proof { limit.probe(\.old) }
}
