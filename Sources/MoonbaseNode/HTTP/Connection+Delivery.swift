import EventLoops
import Glibc

/// Answers that faults on purpose delay, drip or break off.
extension Connection {
    private static let dripNanoseconds: UInt64 = 50_000_000

    func deliver(_ answer: Answer) {
        if answer.delivery.delayNanoseconds > 0 {
            state = .delayed
            held = answer
            held?.delivery.delayNanoseconds = 0
            owner.wake(self, at: owner.now + answer.delivery.delayNanoseconds)
        } else if answer.delivery.isReset {
            owner.record(route, status: answer.status, since: startNanoseconds)
            var abort = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
            close()
        } else {
            dripBytesPerSecond = answer.delivery.dripBytesPerSecond
            owner.record(route, status: answer.status, since: startNanoseconds)
            closesAfter = closesAfter || answer.closes
            owner.encoder.encode(
                answer, isHead: isHeadRequest, closes: closesAfter, into: &output)
            state = .writing
            deadline = .max
            drip()
        }
    }

    private func drip() {
        let step = UInt64(dripBytesPerSecond) * Self.dripNanoseconds / 1_000_000_000
        write(most: max(1, Int(step)))
        guard state == .writing else { return }
        if sent == output.count {
            dripBytesPerSecond = 0
            endAnswer()
            return advance()
        }
        let seconds = Double(max(1, step)) / Double(dripBytesPerSecond)
        owner.wake(self, at: owner.now + UInt64(seconds * 1e9))
    }

    /// The time asked for with `wake` has come.
    func awake() {
        if state == .delayed, let answer = held {
            held = nil
            state = .busy
            finish(answer)
        } else if state == .writing, dripBytesPerSecond > 0 {
            drip()
        }
    }
}
