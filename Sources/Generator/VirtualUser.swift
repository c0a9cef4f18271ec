import Schedules

/// One in-flight iteration at a time, with the state that its steps share; reused for arrivals.
///
/// Confined to its loop.
final class VirtualUser {
    let number: Int
    let exchange = Exchange()
    /// Values saved by the steps of the present iteration, by variable.
    var variables: [[UInt8]] = []
    var scratch: [UInt8] = []
    private var continuation: UnsafeContinuation<Arrival?, Never>?

    init(number: Int) { self.number = number }

    /// Suspends until the dispatcher has an arrival, or none any more.
    func nextArrival() async -> Arrival? {
        await withUnsafeContinuation { continuation = $0 }
    }

    /// Hands over an arrival, or absent to end; the user must be waiting.
    func resume(with arrival: Arrival?) {
        let waiting = continuation.take()
        precondition(waiting != nil, "the user is not waiting")
        waiting?.resume(returning: arrival)
    }
}
