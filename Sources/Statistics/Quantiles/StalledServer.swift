/// A server that answers one request after the other and stands still once: what it would show to a
/// schedule, and what to a client that waits for each answer.
///
/// All times are whole microseconds.
public struct StalledServer: Sendable {
    /// Requests a second, above 0.
    public var rate: Int
    /// How many requests.
    public var requests: Int
    /// How long one takes.
    public var serviceMicroseconds: Int
    /// When the server stands still.
    public var stallStart: Int
    /// For how long.
    public var stallMicroseconds: Int

    /// A server.
    public init(
        rate: Int, requests: Int, serviceMicroseconds: Int, stallStart: Int,
        stallMicroseconds: Int
    ) {
        precondition(rate > 0 && requests >= 0 && serviceMicroseconds >= 0, "\(rate), \(requests)")
        self.rate = rate
        self.requests = requests
        self.serviceMicroseconds = serviceMicroseconds
        self.stallStart = stallStart
        self.stallMicroseconds = stallMicroseconds
    }

    /// The time between two requests.
    public var interval: Int { 1_000_000 / rate }

    /// What was seen of each request, in their order.
    public struct Times: Sendable, Equatable {
        /// From due to done: what a user feels.
        public var latency: [Int] = []
        /// From the start of the work to done: what a client that waits would report.
        public var service: [Int] = []
        /// From due to the start of the work, at the server.
        public var queue: [Int] = []
    }

    /// Runs all requests; O(n).
    public func times() -> Times {
        var times = Times()
        var free = 0
        let stallEnd = stallStart + stallMicroseconds
        for index in 0..<requests {
            let due = index * interval
            let start = max(due, free)
            var done = start + serviceMicroseconds
            if (stallStart..<stallEnd).contains(start) {
                done = stallEnd + serviceMicroseconds
            } else if start < stallStart, done > stallStart {
                done += stallMicroseconds
            }
            free = done
            times.latency.append(done - due)
            times.service.append(done - start)
            times.queue.append(start - due)
        }
        return times
    }

    /// Service times with the requests that a waiting client did not send, as HdrHistogram guesses
    /// them from a known interval: an estimate, for labelled diagnosis only.
    ///
    /// O(length of the result).
    ///
    /// - Source: HdrHistogram, recordValueWithExpectedInterval.
    public static func corrected(_ service: [Int], interval: Int) -> [Int] {
        precondition(interval > 0, "\(interval)")
        return service.flatMap { value in
            [value] + Array(stride(from: value - interval, through: interval, by: -interval))
        }
    }
}
