/// Keeps calls from a container that does not answer, and tries it again now and then.
///
/// Closed: calls go through. Open: they are refused for `openNanoseconds`. Half open: one call at a
/// time goes through; it closes the circuit where it succeeds, and opens it again where it fails.
struct CircuitBreaker: Sendable {
    enum State: String, Sendable, CaseIterable {
        case closed, open
        case halfOpen = "half-open"
    }

    private(set) var state = State.closed
    private var failuresInRow = 0
    /// The newest results as bits, failures set, the newest at the lowest.
    private var recent: UInt32 = 0
    private var recentCount = 0
    private var opened: UInt64 = 0
    private var isProbing = false

    /// So many failures one after the other open it.
    static let maximumFailuresInRow = 5
    /// So many failures among the newest 20 open it.
    private static let maximumRecentFailures = 10
    private static let window = 20
    static let openNanoseconds: UInt64 = 1_000_000_000

    /// Whether a call may go through now.
    mutating func admits(at now: UInt64) -> Bool {
        if state == .open, now >= opened &+ Self.openNanoseconds { state = .halfOpen }
        switch state {
        case .closed: return true
        case .open: return false
        case .halfOpen:
            guard !isProbing else { return false }
            isProbing = true
            return true
        }
    }

    /// A call that was admitted was never made.
    mutating func withdraw() { isProbing = false }

    mutating func succeeded() {
        if state == .halfOpen { self = CircuitBreaker() }
        failuresInRow = 0
        note(isFailure: false)
    }

    mutating func failed(at now: UInt64) {
        failuresInRow += 1
        note(isFailure: true)
        guard state != .open else { return }
        let isOften =
            recentCount == Self.window && recent.nonzeroBitCount >= Self.maximumRecentFailures
        if state == .halfOpen || failuresInRow >= Self.maximumFailuresInRow || isOften {
            self = CircuitBreaker()
            state = .open
            opened = now
        }
    }

    private mutating func note(isFailure: Bool) {
        recent = (recent << 1 | (isFailure ? 1 : 0)) & (1 << Self.window - 1)
        recentCount = min(Self.window, recentCount + 1)
    }

    /// Nothing of it would be lost if it were forgotten.
    var isPristine: Bool { state == .closed && recent == 0 }
}
