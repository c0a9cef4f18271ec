/// Several servers behind one line.
///
/// What it says is an estimate, never a PASS.
///
/// - Source: Erlang 1917; Cooper 1981; Allen 1990 for other distributions (Allen-Cunneen).
public struct Queue: Sendable, Equatable {
    /// How many servers, at least 1.
    public let servers: Int
    /// Arrivals during one mean service time (Erlang), from 0.
    public let load: Double
    /// The chance that an arrival has to wait; 1 where the load is as much as the servers or more.
    ///
    /// By the recursion of Erlang's B, stable also for thousands of servers.
    public let waitProbability: Double

    /// A line; O(servers).
    public init(servers: Int, load: Double) {
        precondition(servers >= 1 && load >= 0, "\(servers), \(load)")
        self.servers = servers
        self.load = load
        guard load < Double(servers) else {
            waitProbability = 1
            return
        }
        var blocked = 1.0
        for server in 1...servers { blocked = load * blocked / (Double(server) + load * blocked) }
        let utilisation = load / Double(servers)
        waitProbability = blocked / (1 - utilisation * (1 - blocked))
    }

    /// How busy a server is; above 1 where the line grows without end.
    public var utilisation: Double { load / Double(servers) }

    /// Spare servers; `nil` if the line grows without end.
    private var spare: Double? { load < Double(servers) ? Double(servers) - load : nil }

    /// The mean wait in mean service times; `nil` if the line grows without end.
    public var meanWait: Double? { spare.map { waitProbability / $0 } }

    /// The wait in mean service times that a share q of arrivals does not exceed.
    ///
    /// - Parameter q: from 0, below 1.
    /// - Returns: `nil` if the line grows without end.
    public func wait(quantile q: Double) -> Double? {
        precondition(q >= 0 && q < 1, "\(q)")
        return spare.map { max(0, Double.log(waitProbability / (1 - q)) / $0) }
    }

    /// The mean wait of arrivals and services that scatter more or less than at random.
    ///
    /// - Parameters:
    ///   - arrivals: the squared coefficient of variation of the times between arrivals.
    ///   - services: that of the service times.
    public func meanWait(arrivals: Double, services: Double) -> Double? {
        precondition(arrivals >= 0 && services >= 0, "\(arrivals), \(services)")
        return meanWait.map { $0 * (arrivals + services) / 2 }
    }

    /// The highest utilisation at which a share q of arrivals waits at most `services` mean service
    /// times.
    ///
    /// Bisection to one part in a million.
    public static func highestUtilisation(
        servers: Int, quantile q: Double, services: Double
    ) -> Double {
        var (low, high) = (0.0, 1.0)
        while high - low > 1e-6 {
            let middle = (low + high) / 2
            let wait = Queue(servers: servers, load: middle * Double(servers)).wait(quantile: q)
            if let wait, wait <= services { low = middle } else { high = middle }
        }
        return low
    }
}
