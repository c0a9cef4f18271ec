import Profiles

/// Bytes of answers are changed: one in each piece, or in a share of them.
final class CorruptionFault: ProxyFault {
    static let name = "corruption"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        conduct.corruptShare = scene.settings.share ?? 1
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        let count = stage.proxy.counters.corruptBytes - stage.counted.corruptBytes
        if answer.bytes != stage.before.bytes, count > 0 {
            return .proven("a client sees other bytes than before; \(count) were changed")
        }
        return conduct.corruptShare < 1
            ? .unknown("the one answer that was looked at is as before") : proof(false, answer)
    }
}
