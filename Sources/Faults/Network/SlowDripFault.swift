import Profiles

/// Answers come byte by byte, ten a second unless it is given: a client is kept, and never idle.
final class SlowDripFault: ProxyFault {
    static let name = "slow drip"
    let stage: ProxyStage
    let conduct: ProxyConduct
    private let rate: Int

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        rate = scene.settings.bytesPerSecond ?? 10
        var conduct = ProxyConduct()
        conduct.bytesPerSecond = rate
        conduct.drips = true
        self.conduct = conduct
    }

    /// For some five bytes, of a slow one.
    var patienceMilliseconds: Int { max(500, min(10_000, 5000 / rate)) }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        guard answer.bytes.count > 1 else { return proof(false, answer) }
        let seconds = Double(answer.lengthNanoseconds) / 1e9
        let bound = Double(rate) * seconds + 2
        let words = "a client gets \(answer.bytes.count) bytes in \(Int(seconds * 1000)) ms"
        return Double(answer.bytes.count) <= bound * 1.1 ? .proven(words) : .refuted(words)
    }
}
