import Collector
import EventLoops
import Profiles

/// A share of the packets between loadgen and its target is lost: a tenth, unless it is given.
final class LossFault: Fault {
    static let name = "loss"
    private let rules: PacketRules
    private var sentAgain = 0
    var mechanism: String { rules.mechanism }

    private static let patienceMilliseconds = 2000
    private static let defaultShare = 0.1

    static func availability() -> FaultAvailability { OwnNetwork.availability }

    init(_ scene: FaultScene) throws(FaultError) { rules = try PacketRules(scene) }

    /// Segments that the kernel has sent once more, in the whole namespace.
    static func segmentsSentAgain(_ text: String) -> Int? {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map {
            $0.split(separator: " ")
        }
        guard lines.count == 2, let index = lines[0].firstIndex(of: "RetransSegs"),
            index < lines[1].count
        else { return nil }
        return Int(lines[1][index])
    }

    private var present: Int {
        Self.segmentsSentAgain(ProcessReader.contents("/proc/self/net/snmp") ?? "") ?? 0
    }

    func prepare() async throws(FaultError) { await rules.look() }

    func apply(_ journal: FaultJournal) async throws(FaultError) {
        sentAgain = present
        let share = rules.scene.settings.share ?? Self.defaultShare
        let count = max(1, Int((share * 10_000).rounded()))
        try rules.apply(journal, "numgen random mod 10000 < \(count) counter drop")
    }

    func probeEffect() async -> Proof {
        let patience = rules.scene.patience(milliseconds: Self.patienceMilliseconds)
        let end = rules.scene.loop.nowNanoseconds + UInt64(patience) * 1_000_000
        while rules.scene.loop.nowNanoseconds < end {
            _ = await rules.probe.ask(milliseconds: max(1, patience / 4))
            let count = present - sentAgain
            if count > 0 {
                return .proven(
                    "the kernel has sent \(count) \(count == 1 ? "segment" : "segments") again")
            }
        }
        return .unknown("no packet was lost while the probe looked")
    }

    func probeUndo() async -> Proof { await rules.probeUndo() }
}
