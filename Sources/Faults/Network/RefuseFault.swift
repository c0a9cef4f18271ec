/// Nobody listens: connections that are there are reset, and new ones refused.
final class RefuseFault: ProxyFault {
    static let name = "refuse"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        conduct.refuses = true
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        proof(answer.end == .refused, answer)
    }
}
