import Profiles

/// A connection is closed in the middle of its answer, after ten bytes unless it is given.
final class TruncationFault: ProxyFault {
    static let name = "truncation"
    let stage: ProxyStage
    let conduct: ProxyConduct
    private let limit: Int

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        limit = scene.settings.limit ?? 10
        var conduct = ProxyConduct()
        conduct.truncatedAt = limit
        self.conduct = conduct
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        guard stage.before.bytes.count > limit else {
            return .unknown("an answer has \(stage.before.bytes.count) bytes, which is not more")
        }
        // The rest of the request may have been unread, which makes a reset of the end.
        return proof(
            answer.bytes.count <= limit && (answer.end == .closed || answer.end == .reset), answer)
    }
}
