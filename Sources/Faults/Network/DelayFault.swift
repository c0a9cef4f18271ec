import Profiles

/// What is sent comes later, by a time and an even share of another; 100 ms unless it is given.
///
/// The handshake stays as quick as it was.
final class DelayFault: ProxyFault {
    static let name = "delay"
    let stage: ProxyStage
    let conduct: ProxyConduct

    init(_ scene: FaultScene) throws(FaultError) {
        stage = try ProxyStage(scene)
        var conduct = ProxyConduct()
        let settings = scene.settings
        conduct.delayNanoseconds =
            (settings.delay ?? (settings.jitter == nil ? .milliseconds(100) : .zero))
            .nanoseconds
        conduct.jitterNanoseconds = (settings.jitter ?? .zero).nanoseconds
        conduct.delaysToTarget = settings.direction != .fromTarget
        conduct.delaysFromTarget = settings.direction != .toTarget
        self.conduct = conduct
    }

    /// Of each way that is delayed.
    private var ways: UInt64 { conduct.delaysToTarget && conduct.delaysFromTarget ? 2 : 1 }

    var patienceMilliseconds: Int {
        let longest = ways * (conduct.delayNanoseconds + conduct.jitterNanoseconds)
        return ProxyStage.answerMilliseconds + Int(longest / 1_000_000)
    }

    func judge(_ answer: ConnectionProbe.Answer) -> Proof {
        guard let time = answer.firstByteNanoseconds else {
            // It is still on its way, unless it was lost.
            return answer.end == .silent
                ? .unknown("no byte has come while the probe waited") : proof(false, answer)
        }
        let words = "a client waits \(time / 1_000_000) ms for the first byte"
        if conduct.delayNanoseconds == 0 {
            let count = stage.proxy.counters.delayedPieces - stage.counted.delayedPieces
            return count > 0 ? .proven("\(words); \(count) pieces were delayed") : .refuted(words)
        }
        return time >= ways * conduct.delayNanoseconds ? .proven(words) : .refuted(words)
    }
}
