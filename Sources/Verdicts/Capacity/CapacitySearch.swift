import Statistics

/// The search for the highest rate at which every objective holds: it proposes a step, hears what
/// came of it, and proposes the next.
///
/// It doubles until a step does not pass, halves the way between on a logarithmic scale until the
/// two are near, and confirms a little below the highest pass by steps of their own. Only those
/// carry the claim, so that the search's looking around costs nothing. A rate is too high only if
/// it fails twice, and once more at the end: one that passes then was disturbed by something else,
/// and the search goes on from there.
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
        /// The lowest rate that did not pass, once more.
        case refute
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

        /// A step from its parts.
        public init(stage: Stage, rate: Double, confidence: Double, length: Int) {
            self.stage = stage
            self.rate = rate
            self.confidence = confidence
            self.length = length
        }
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
    /// How many steps could have confirmed a rate, those that were not decided among them.
    private var claims = 0
    private var voids = 0
    private var failures = 0
    private var resumes = 0
    private var isSettled = false
    /// What was confirmed before the search went on.
    private var earlier: Double?
    private var confirming: Double?

    private static let searchConfidence = 0.8
    private static let nearRatio = 1.05
    private static let confirmShare = 0.97
    private static let stepDown = 0.95
    private static let maximumTries = 3
    private static let maximumLength = 4
    private static let maximumVoids = 1
    private static let maximumFailures = 1
    private static let maximumResumes = 2
    /// The first rate is halved no further than this share of it.
    private static let minimumShare = 1.0 / 1_024

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

    /// The next step; `nil` if the search is over.
    public var next: Step? {
        guard !isSettled else { return nil }
        if confirmed != nil {
            return high.map {
                Step(stage: .refute, rate: $0, confidence: Self.searchConfidence, length: length)
            }
        }
        if let confirming {
            // Each of them could err, so that all share what the claim may.
            let alpha = (1 - confidence) / Double(1 << (claims + 1))
            return Step(stage: .confirm, rate: confirming, confidence: 1 - alpha, length: length)
        }
        guard let (stage, rate) = searching else { return nil }
        return Step(stage: stage, rate: rate, confidence: Self.searchConfidence, length: length)
    }

    private var searching: (Stage, Double)? {
        switch (low, high) {
        case (nil, nil): (.rise, first)
        case (let low?, nil): low < most ? (.rise, min(most, low * 2)) : nil
        case (nil, let high?): high > first * Self.minimumShare ? (.rise, high / 2) : nil
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
        if step.stage == .confirm, outcome != .void { claims += 1 }
        guard !isTakenAgain(after: outcome) else { return }
        (length, voids, failures) = (1, 0, 0)
        switch step.stage {
        case .rise, .bisect:
            if outcome == .pass {
                low = step.rate
            } else {
                (high, highOutcome) = (step.rate, outcome)
            }
            if searching == nil, let low { confirming = low * Self.confirmShare }
        case .confirm: confirm(step, outcome)
        case .refute:
            guard outcome == .pass, resumes < Self.maximumResumes else {
                if outcome != .pass { highOutcome = outcome }
                isSettled = true
                return
            }
            resumes += 1
            (low, high, highOutcome) = (step.rate, nil, nil)
            (earlier, confirmed, confirming, tries) = (confirmed, nil, nil, 0)
            if searching == nil { confirming = step.rate * Self.confirmShare }
        }
    }

    private mutating func confirm(_ step: Step, _ outcome: Outcome) {
        if outcome == .pass {
            confirmed = step.rate
            isSettled = high == nil
            return
        }
        tries += 1
        if step.rate < high ?? .infinity { (high, highOutcome) = (step.rate, outcome) }
        confirming = step.rate * Self.stepDown
        guard tries == Self.maximumTries else { return }
        // What was confirmed before the search went on still is, unless a lower rate now failed.
        confirmed = earlier.flatMap { $0 < high ?? .infinity ? $0 : nil }
        isSettled = true
    }

    /// Whether the step is proposed again before anything follows from it: longer where it is not
    /// decided, once where the generator did not bring it, and once where it fails.
    private mutating func isTakenAgain(after outcome: Outcome) -> Bool {
        switch outcome {
        case .undecided where length < Self.maximumLength: length *= 2
        case .void where voids < Self.maximumVoids: voids += 1
        case .fail where failures < Self.maximumFailures: failures += 1
        default: return false
        }
        return true
    }

    /// The highest rate over the claimed one, less 1; `nil` while either is.
    public var width: Double? {
        guard let confirmed, let high else { return nil }
        return high / confirmed - 1
    }
}
