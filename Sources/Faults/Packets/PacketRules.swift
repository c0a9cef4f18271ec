import EventLoops
import Profiles

/// What nftables does with the packets between loadgen and its target: a table of the fault's own.
final class PacketRules {
    let scene: FaultScene
    let port: Int
    /// What a client saw before.
    private(set) var before = ConnectionProbe.Answer()
    private var table = ""

    static let program = "/usr/sbin/nft"
    private static let answerMilliseconds = 2000

    var mechanism: String {
        "nftables' table \(table) in the network namespace of the run, which ends with it"
    }

    init(_ scene: FaultScene) throws(FaultError) {
        guard case .packets(let port) = scene.victim, port > 0 else {
            throw FaultError(
                "this fault strikes packets to a TCP port of this machine",
                hint: "give target, which loadgen starts")
        }
        guard OwnNetwork.isEntered else {
            throw FaultError(
                "loadgen has no network namespace of its own, and others' packets are not touched",
                hint: "strike it with loadgen run or loadgen chaos try, which get one")
        }
        self.scene = scene
        self.port = port
    }

    var probe: ConnectionProbe { ConnectionProbe(loop: scene.loop, port: port) }

    func look() async { before = await probe.ask(milliseconds: Self.answerMilliseconds) }

    /// Has a rule for each way that is struck.
    func apply(_ journal: FaultJournal, _ rule: String) throws(FaultError) {
        table = "loadgen-\(scene.run)-\(journal.id)"
        try journal.intend([.table(name: table, namespace: OwnNetwork.number)])
        let ways =
            switch scene.settings.direction {
            case .both: ["dport", "sport"]
            case .toTarget: ["dport"]
            case .fromTarget: ["sport"]
            }
        // What is dropped on its way out would be told to the sender, which no network does.
        let rules = ways.map { "iif lo tcp \($0) \(port) \(rule)\n" }.joined()
        let text = """
            table inet \(table) {
            chain input {
            type filter hook input priority 0
            \(rules)}
            }
            """
        guard try ChildProgram.run(Self.program, [text]).code == 0 else {
            throw FaultError(
                "\(Self.program) did not take the rule \"\(rule)\"",
                hint: "see what loadgen chaos list says of it")
        }
    }

    func probeUndo() async -> Proof {
        let tables = (try? ChildProgram.run(Self.program, ["list", "tables"]))?.text ?? table
        if tables.contains(table) { return .refuted("the table \(table) is still there") }
        let answer = await probe.ask(milliseconds: Self.answerMilliseconds)
        let words = "no table of the fault's is left, and a client sees \(answer.words)"
        return answer.end == .whole ? .proven(words) : .unknown(words)
    }
}
