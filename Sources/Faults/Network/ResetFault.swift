/// Connections are reset, and each new one as soon as something is sent on it.
final class ResetFault: ProxyFault {
    static let name = "reset"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        conduct.resets = true
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        proof(answer.end == .reset, answer)
    }
}
