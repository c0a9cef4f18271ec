import EventLoops
import Glibc

/// The target loses the connections that are there, and their clients are not told.
///
/// What they send is lost, and nobody answers. New connections are as ever.
final class HalfOpenFault: ProxyFault {
    static let name = "half open"
    let stage: ProxyStage
    let conduct = ProxyConduct()
    /// A connection that is there when the fault strikes, as a client has one.
    private var witness: Int32 = -1
    private var seen = ConnectionProbe.Answer()

    init(_ scene: FaultScene) throws(FaultError) { stage = try ProxyStage(scene) }

    deinit { if witness >= 0 { close(witness) } }

    func prepare() async throws(FaultError) {
        witness = stage.probe.open()
        guard witness >= 0 else { throw FaultError(calling: "connect") }
        stage.before = await stage.probe.ask(
            on: witness, milliseconds: ProxyStage.answerMilliseconds)
        stage.counted = stage.proxy.counters
    }

    func apply(_ journal: FaultJournal) async throws(FaultError) { stage.proxy.leaveHalfOpen() }

    func probeEffect() async -> Proof {
        guard stage.before.end == .whole else {
            return .unknown("before the fault, too, a client saw \(stage.before.words)")
        }
        let patience = stage.scene.patience(milliseconds: patienceMilliseconds)
        return judge(await stage.probe.ask(on: witness, milliseconds: patience))
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        proof(answer.end == .silent && answer.bytes.isEmpty, answer)
    }
}
