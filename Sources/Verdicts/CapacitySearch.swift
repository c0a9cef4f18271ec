import Statistics

/// The search for the highest rate at which every objective holds: it proposes a step, hears what
/// came of it, and proposes the next.
///
/// It doubles until a step does not pass, halves the way between on a logarithmic scale until the
/// two are near, and confirms a little below the highest pass by steps of their own. Only those
/// carry the claim, so that the search's looking around costs nothing.
///
/// - Source: envoyproxy/nighthawk's adaptive load; statistics.md 7.2.
public struct CapacitySearch: Sendable, Equatable {
    /// What a step is for.
    public enum Stage: String, Sendable, Codable {
        /// Doubling, or halving where the first rate does not pass.
        case rise
        /// Between the highest pass and the lowest that is none.
        case bisect
        /// The claim.
        case confirm
    }

    /// A step to take.
    public struct Step: Sendable, Equatable {
        /// What it is for.
        public var stage: Stage
        /// Arrivals a second.
        public var rate: Double
        /// One-sided, of its verdict.
        public var confidence: Double
        /// How many times its ordinary length it takes.
        public var length: Int
    }

    /// What came of a step.
    public enum Outcome: String, Sendable, Codable {
        /// Every objective holds.
        case pass
        /// One does not.
        case fail
        /// The evidence allows both.
        case undecided
        /// The generator did not bring the load.
        case void
    }

    /// The first rate that is tried.
    public let first: Double
    /// No rate above this is tried.
    public let most: Double
    /// One-sided, of the confirmed rate.
    public let confidence: Double
    /// The highest rate that passed a step of the search, if any did.
    public private(set) var low: Double?
    /// The lowest rate that did not, if any.
    public private(set) var high: Double?
    /// What became of the step at `high`.
    public private(set) var highOutcome: Outcome?
    /// The rate that is claimed.
    public private(set) var confirmed: Double?
    private var length = 1
    private var tries = 0
    private var voids = 0
    private var confirming: Double?

    private static let searchConfidence = 0.8
    private static let nearRatio = 1.05
    private static let confirmShare = 0.97
    private static let stepDown = 0.95
    private static let mostTries = 3
    private static let mostLength = 4
    private static let mostVoids = 1
    /// The first rate is halved no further than this share of it.
    private static let leastShare = 1.0 / 1_024

    /// A search.
    ///
    /// - Parameters:
    ///   - first: the first rate, above 0.
    ///   - most: the highest rate that may be tried, from `first`.
    ///   - confidence: of the claim, one-sided.
    public init(first: Double, most: Double, confidence: Double) {
        precondition(first > 0 && most >= first, "\(first), \(most)")
        self.first = first
        self.most = most
        self.confidence = confidence
    }

    /// The next step; absent where the search is over.
    public var next: Step? {
        guard confirmed == nil else { return nil }
        if let confirming {
            guard tries < Self.mostTries else { return nil }
            let alpha = (1 - confidence) / Double(1 << (tries + 1))
            return Step(stage: .confirm, rate: confirming, confidence: 1 - alpha, length: length)
        }
        guard let (stage, rate) = searching else { return nil }
        return Step(stage: stage, rate: rate, confidence: Self.searchConfidence, length: length)
    }

    private var searching: (Stage, Double)? {
        switch (low, high) {
        case (nil, nil): (.rise, first)
        case (let low?, nil): low < most ? (.rise, min(most, low * 2)) : nil
        case (nil, let high?): high > first * Self.leastShare ? (.rise, high / 2) : nil
        case (let low?, let high?):
            isNear ? nil : (.bisect, (low * high).squareRoot())
        }
    }

    private var isNear: Bool {
        guard let low, let high else { return false }
        return high / low <= Self.nearRatio
    }

    /// Takes what came of the step that was proposed.
    public mutating func observe(_ outcome: Outcome) {
        guard let step = next else { return }
        if outcome == .undecided, length < Self.mostLength {
            length *= 2
            return
        }
        if outcome == .void, voids < Self.mostVoids {
            voids += 1
            return
        }
        (length, voids) = (1, 0)
        if step.stage == .confirm {
            if outcome == .pass {
                confirmed = step.rate
            } else {
                tries += 1
                if step.rate < high ?? .infinity { (high, highOutcome) = (step.rate, outcome) }
                confirming = step.rate * Self.stepDown
            }
            return
        }
        if outcome == .pass { low = step.rate } else { (high, highOutcome) = (step.rate, outcome) }
        if searching == nil, let low { confirming = low * Self.confirmShare }
    }

    /// The highest rate over the claimed one, less 1; absent while either is.
    public var width: Double? {
        guard let confirmed, let high else { return nil }
        return high / confirmed - 1
    }
}
