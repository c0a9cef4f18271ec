import Profiles

/// What is sent waits, both ways or one way, and flows at once when the fault ends.
final class HoldFault: ProxyFault {
    static let name = "hold"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        if scene.settings.direction != .fromTarget { conduct.toTarget = .held }
        if scene.settings.direction != .toTarget { conduct.fromTarget = .held }
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        proof(answer.end == .silent && answer.bytes.isEmpty, answer)
    }
}
