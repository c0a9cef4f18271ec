import Profiles

/// What is sent is lost, both ways or one way, and nobody says so.
///
/// Afterwards the connections that lost bytes are reset: a stream with a hole has no use.
final class BlackHoleFault: ProxyFault {
    static let name = "black hole"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        if scene.settings.direction != .fromTarget { conduct.toTarget = .swallowed }
        if scene.settings.direction != .toTarget { conduct.fromTarget = .swallowed }
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        proof(
            answer.end == .silent && answer.bytes.isEmpty
                && stage.proxy.counters.swallowedBytes > stage.counted.swallowedBytes, answer)
    }
}
