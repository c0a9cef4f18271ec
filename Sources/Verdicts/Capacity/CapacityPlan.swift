import Statistics

/// How many nodes a load needs, by a capacity that was measured: an estimate, never a PASS.
public struct CapacityPlan: Sendable, Codable, Equatable {
    /// What is asked for.
    public struct Wish: Sendable, Codable, Equatable {
        /// Requests a second to carry, on average.
        public var targetRate: Double
        /// By how much peaks exceed that; 1.3 is 30 %.
        public var peakFactor: Double
        /// The share of a node's confirmed rate that is kept free.
        public var headroom: Double
        /// How many nodes may be lost.
        public var spare: Int
        /// How much the load grows in a month, as a share; `nil` if it does not.
        public var growthPerMonth: Double?

        /// A wish from its parts.
        public init(
            targetRate: Double, peakFactor: Double = 1.3, headroom: Double = 0.3, spare: Int = 1,
            growthPerMonth: Double? = nil
        ) {
            precondition(targetRate > 0 && peakFactor >= 1 && spare >= 0)
            precondition(headroom >= 0 && headroom < 1, "\(headroom)")
            self.targetRate = targetRate
            self.peakFactor = peakFactor
            self.headroom = headroom
            self.spare = spare
            self.growthPerMonth = growthPerMonth
        }
    }

    /// The version of its form.
    public var schema = "loadgen/capacity-plan/1"
    /// What was asked for.
    public var wish: Wish
    /// The profile whose capacity was measured.
    public var profile: String
    /// The confirmed rate of one node.
    public var perNode: Double
    /// Nodes that carry the peak within the headroom.
    public var needed: Int
    /// The same with the spare ones.
    public var nodes: Int
    /// Requests a second of one node at the average load, all nodes up.
    public var usualRate: Double
    /// The same at the peak with every spare node lost.
    public var worstRate: Double
    /// The p95 at the average load, in nanoseconds, between the measured steps; `nil` below the
    /// slowest of them.
    public var usualP95: Double?
    /// The p95 at the peak with every spare node lost.
    public var worstP95: Double?
    /// What limits a node, in words.
    public var limit: String
    /// How many months the nodes suffice; `nil` without growth.
    public var months: Double?
    /// How sure all this is, in words.
    public var notes: [String]

    /// A plan by a capacity; `nil` if no rate is confirmed.
    public init?(_ capacity: Capacity, wish: Wish) {
        guard let perNode = capacity.confirmedRate, perNode > 0 else { return nil }
        let plan = InstancePlan(
            target: wish.targetRate, perInstance: perNode, peakFactor: wish.peakFactor,
            utilisation: 1 - wish.headroom, spare: wish.spare)
        self.wish = wish
        self.perNode = perNode
        profile = capacity.profile
        needed = max(1, plan.needed)
        nodes = max(1, plan.needed) + wish.spare
        usualRate = wish.targetRate / Double(nodes)
        worstRate = wish.targetRate * wish.peakFactor / Double(needed)
        usualP95 = Self.p95(at: usualRate, capacity.steps)
        worstP95 = Self.p95(at: worstRate, capacity.steps)
        limit = Self.limit(capacity)
        // The load that the needed nodes carry within their headroom, over the load of today.
        let reserve =
            Double(needed) * perNode * (1 - wish.headroom) / (wish.targetRate * wish.peakFactor)
        months = wish.growthPerMonth.map { Double.log(max(1, reserve)) / Double.log(1 + $0) }
        notes = Self.notes(capacity, nodes: nodes)
    }

    /// Between the two passed steps around a rate, linear; `nil` outside of them.
    private static func p95(at rate: Double, _ steps: [CapacityStep]) -> Double? {
        let known = steps.filter { $0.outcome == .pass && $0.p95 != nil }
            .sorted { $0.rate < $1.rate }
        guard let above = known.first(where: { $0.rate >= rate }), let high = above.p95,
            let below = known.last(where: { $0.rate <= rate }), let low = below.p95
        else { return nil }
        guard above.rate > below.rate else { return max(low, high) }
        return low + (high - low) * (rate - below.rate) / (above.rate - below.rate)
    }

    private static let busyShare = 0.85

    private static func limit(_ capacity: Capacity) -> String {
        let last = capacity.steps.filter { $0.outcome == .pass }.max { $0.rate < $1.rate }
        if let cpu = last?.cpu, cpu >= busyShare * Double(capacity.processors) {
            return "CPU: \(Figure.significant(cpu)) of \(capacity.processors) processors were busy "
                + "with the target at \(CapacitySentence.rate(last?.rate ?? 0))"
        }
        let busy =
            last?.cpu.map {
                ", although it kept only \(Figure.significant($0)) of \(capacity.processors) "
                    + "processors busy: a lock, a queue or another service"
            } ?? ""
        switch capacity.bound {
        case .target: return "the target's latency\(busy)"
        case .error: return "the target's errors\(busy)"
        case .generator: return "the generator: the node itself may carry more"
        case .undecided: return "not known: the step above was not decided"
        case nil: return "not known: no rate was too high"
        }
    }

    private static func notes(_ capacity: Capacity, nodes: Int) -> [String] {
        var notes = [
            "ESTIMATE: the rate of one node was confirmed at \(Figure.given(capacity.confidence)) "
                + "by one search on one machine; everything else follows from assumptions.",
            "it assumes linear scale-out: that \(nodes) nodes carry \(nodes) times what one does, "
                + "with a load balancer that spreads evenly.",
        ]
        if let law = capacity.scalability, law.contentionInterval != nil {
            notes.append(
                "the scalability law was measured over the load of one node, not over nodes.")
        }
        return notes
    }

    /// All of it in a sentence.
    public var sentence: String {
        let peak = CapacitySentence.rate(wish.targetRate * wish.peakFactor)
        return "\(Figure.whole(nodes)) nodes carry \(CapacitySentence.rate(wish.targetRate)) with "
            + "peaks of \(peak): \(Figure.whole(needed)) at \(Figure.percent(1 - wish.headroom)) "
            + "of the \(CapacitySentence.rate(perNode)) that one is confirmed for, and "
            + "\(Figure.whole(wish.spare)) to lose."
    }
}
