import Profiles

/// No packet comes through between loadgen and its target, both ways or one way.
final class PartitionFault: Fault {
    static let name = "partition"
    private let rules: PacketRules
    var mechanism: String { rules.mechanism }

    private static let patienceMilliseconds = 500

    static func availability() -> FaultAvailability { OwnNetwork.availability }

    init(_ scene: FaultScene) throws(FaultError) { rules = try PacketRules(scene) }

    func prepare() async throws(FaultError) { await rules.look() }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        try rules.apply(journal, "counter drop")
    }

    func probeEffect() async -> Proof {
        guard rules.before.end == .whole else {
            return .unknown("before the fault, too, a client saw \(rules.before.words)")
        }
        let patience = rules.scene.patience(milliseconds: Self.patienceMilliseconds)
        let answer = await rules.probe.ask(milliseconds: patience)
        let words = "a client sees \(answer.words)"
        return answer.end == .silent && answer.bytes.isEmpty ? .proven(words) : .refuted(words)
    }

    func probeUndo() async -> Proof { await rules.probeUndo() }
}
