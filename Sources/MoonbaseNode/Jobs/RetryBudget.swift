/// Lets retries be a small part of all attempts, so that they cannot multiply an overload.
struct RetryBudget: Sendable {
    private var tokens = 10.0
    private var last: UInt64 = 0

    /// Every job earns so much of a retry, and time gives a few whatever the load.
    private static let perJob = 0.1
    private static let perSecond = 10.0
    private static let most = 100.0

    mutating func earn(at now: UInt64) {
        let seconds = last == 0 ? 0 : Double(now - min(now, last)) / 1e9
        last = now
        tokens = min(Self.most, tokens + Self.perJob + seconds * Self.perSecond)
    }

    /// Whether a retry is affordable; it is then paid for.
    mutating func spend(at now: UInt64) -> Bool {
        earn(at: now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// How long to wait before attempt `attempt` (2 and up): full jitter over an exponential bound.
    static func delayNanoseconds(
        before attempt: Int, using generator: inout some RandomNumberGenerator
    ) -> UInt64 {
        let bound = min(maximumDelay, firstDelay << UInt64(max(0, min(20, attempt - 2))))
        return UInt64.random(in: 0...bound, using: &generator)
    }

    private static let firstDelay: UInt64 = 20_000_000
    private static let maximumDelay: UInt64 = 1_000_000_000
}
