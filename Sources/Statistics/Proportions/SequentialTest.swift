/// A test of a share that may be looked at after every request and stopped for any reason.
///
/// Looking again and again at a test for a fixed number errs far more often than it says. This one
/// is a likelihood ratio against a mixture of alternatives whose odds are r times those of the
/// limit: it exceeds 1/alpha at any time with probability at most alpha.
///
/// - Source: Ville 1939; Wald 1945; Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021.
public struct SequentialTest: Sendable, Equatable {
    /// An alternative: its odds over those of the limit, and its weight.
    private typealias Alternative = (ratio: Double, weight: Double)

    private static let better: [Alternative] = [(0.1, 0.5), (0.3, 0.3), (0.6, 0.2)]
    private static let worse: [Alternative] = [(1.5, 1 / 3), (3, 1 / 3), (10, 1 / 3)]
    /// The largest number of requests that is looked at; a thousand years at 30,000/s.
    private static let most = 1 << 50

    /// The share that is claimed not to be exceeded, above 0 and below 1.
    public let limit: Double
    /// The one-sided confidence of each verdict.
    public let confidence: Double

    /// The test of a claim.
    public init(limit: Double, confidence: Double) {
        precondition(limit > 0 && limit < 1, "\(limit)")
        precondition(confidence > 0 && confidence < 1, "\(confidence)")
        self.limit = limit
        self.confidence = confidence
    }

    /// The logarithm of the evidence that the share is below the limit.
    public func evidenceForPass(_ count: Double, of total: Double) -> Double {
        Self.evidence(Self.better, count, total, limit)
    }

    /// The logarithm of the evidence that the share is above the limit.
    public func evidenceForFail(_ count: Double, of total: Double) -> Double {
        Self.evidence(Self.worse, count, total, limit)
    }

    /// The evidence, in logarithms, from which a verdict is given.
    public var needed: Double { -Double.log(1 - confidence) }

    /// The verdict so far; requests whose errors come in bursts are counted by their design effect.
    ///
    /// O(1); valid from the first request and at every look.
    public func verdict(_ count: Double, of total: Double) -> Verdict {
        guard total > 0 else { return .invalid }
        if evidenceForPass(count, of: total) >= needed { return .pass }
        if evidenceForFail(count, of: total) >= needed { return .fail }
        return .inconclusive
    }

    /// The verdict so far.
    public func verdict(_ seen: Proportion) -> Verdict {
        verdict(Double(seen.count), of: Double(seen.total))
    }

    /// The first of consecutive batches after which there is a verdict.
    ///
    /// - Returns: its index, `nil` if none decides, and everything seen up to it.
    public func firstDecision(
        _ batches: [Proportion]
    ) -> (batch: Int?, verdict: Verdict, seen: Proportion) {
        var seen = Proportion(0, of: 0)
        for (index, batch) in batches.enumerated() {
            seen = Proportion(seen.count + batch.count, of: seen.total + batch.total)
            let verdict = verdict(seen)
            if verdict == .pass || verdict == .fail { return (index, verdict, seen) }
        }
        return (nil, verdict(seen), seen)
    }

    /// The fewest requests that pass with so many errors.
    ///
    /// Bisection, O(log n).
    public func minimumThatPass(errors: Int) -> Int {
        func passes(_ total: Int) -> Bool {
            evidenceForPass(Double(errors), of: Double(total)) >= needed
        }
        var high = max(errors, 1)
        while !passes(high), high < Self.most { high *= 2 }
        var low = errors
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if passes(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// An upper bound of the share that holds at every look at once; 1 if there is none.
    ///
    /// Bisection to the last digit.
    public static func upperBound(_ count: Double, of total: Double, confidence: Double) -> Double {
        precondition(count >= 0 && count <= total && total > 0, "\(count) of \(total)")
        let needed = -Double.log(1 - confidence)
        // The evidence grows with the limit that it is held against.
        var (low, high) = (0.0, 1.0)
        guard evidence(better, count, total, high) >= needed else { return 1 }
        for _ in 0..<2_000 {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { break }
            if evidence(better, count, total, middle) >= needed {
                high = middle
            } else {
                low = middle
            }
        }
        return high
    }

    private static func evidence(
        _ alternatives: [Alternative], _ count: Double, _ total: Double, _ limit: Double
    ) -> Double {
        let terms = alternatives.map { ratio, weight in
            Double.log(weight) + count * Double.log(ratio)
                - total * Double.logOnePlus((ratio - 1) * limit)
        }
        let largest = terms.max() ?? 0
        return largest + Double.log(terms.reduce(0) { $0 + Double.exp($1 - largest) })
    }
}
