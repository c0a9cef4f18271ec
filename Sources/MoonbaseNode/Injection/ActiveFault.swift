/// A fault of a plan that is in force, and what it has done so far.
struct ActiveFault: Sendable {
    let fault: InjectionPlan.Fault
    /// The place in `Metrics` of the operation that it is for; `nil` for every one.
    let route: Int?
    /// Under which it was switched on; `nil` if the node was started with it.
    let name: String?
    /// Requests that it fell on.
    var count = 0
    /// By how much it delayed answers, or served them.
    var nanoseconds: UInt64 = 0
    /// Answers that are still to fail of its burst.
    private var burst = 0
    /// Requests that it was for, if it has `nth`.
    private var passed = 0
    /// When each of its servers is free again.
    private var freeAt: [UInt64] = []

    init(_ fault: InjectionPlan.Fault, route: Int?, name: String?) {
        self.fault = fault
        self.route = route
        self.name = name
        if case .service(_, let servers) = fault.kind {
            freeAt = Array(repeating: 0, count: servers)
        }
    }

    /// Whether it falls on a request that it is for.
    mutating func falls(_ random: inout SplitMix) -> Bool {
        if burst > 0 {
            burst -= 1
            return true
        }
        if let nth = fault.nth {
            passed += 1
            guard passed % nth == 0 else { return false }
            if case .error(_, let burst) = fault.kind { self.burst = burst - 1 }
            return true
        }
        var rate = fault.rate
        if case .error(_, let burst) = fault.kind, burst > 1 {
            // Of all answers, `rate` fail: bursts begin so much more rarely, after an answer
            // outside.
            rate = rate >= 1 ? 1 : rate / (Double(burst) * (1 - rate) + rate)
        }
        guard Double.random(in: 0..<1, using: &random) < rate else { return false }
        if case .error(_, let burst) = fault.kind { self.burst = burst - 1 }
        return true
    }

    /// How long an answer waits for a server and is served by it.
    mutating func serve(_ time: UInt64, at now: UInt64) -> UInt64 {
        guard let first = freeAt.indices.min(by: { freeAt[$0] < freeAt[$1] }) else { return time }
        let end = max(now, freeAt[first]) + time
        freeAt[first] = end
        return end - now
    }

    /// Its labels in the metrics.
    func labels(_ index: Int) -> String {
        "fault=\"\(index)\",kind=\"\(fault.name)\",operation=\"\(fault.operation ?? "*")\""
            + (name.map { ",name=\"\($0)\"" } ?? "")
    }
}
