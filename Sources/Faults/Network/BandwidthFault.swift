import Profiles

/// Answers come at so many bytes a second at most on each connection; 10 kB/s unless it is given.
final class BandwidthFault: ProxyFault {
    static let name = "bandwidth"
    let stage: ProxyStage
    let conduct: ProxyConduct
    private let rate: Int

    /// With a twentieth of a second at once, an answer shorter than this says nothing.
    private static let minimumSeconds = 0.1

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        rate = scene.settings.bytesPerSecond ?? 10_000
        var conduct = ProxyConduct()
        conduct.bytesPerSecond = rate
        self.conduct = conduct
    }

    /// How long the answer that was there before takes at this rate, without what comes at once.
    private var expectedSeconds: Double { Double(stage.before.bytes.count) / Double(rate) - 0.05 }

    var patienceMilliseconds: Int {
        ProxyStage.answerMilliseconds + Int(min(10, max(0, expectedSeconds)) * 1000)
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        let seconds = Double(answer.lengthNanoseconds) / 1e9
        let count = answer.bytes.count
        guard expectedSeconds >= Self.minimumSeconds else {
            return .unknown("an answer of \(count) bytes is too short to show a rate of \(rate)/s")
        }
        let words = "a client gets \(count) bytes in \(Int(seconds * 1000)) ms"
        let bound = Double(rate) * (seconds + 0.05) + 1
        return count > 0 && Double(count) <= bound * 1.1 ? .proven(words) : .refuted(words)
    }
}
