/// What the evidence of a run says: verdict.json.
public struct RunVerdict: Sendable, Codable, Equatable {
    /// One of the four words.
    public enum Word: String, Sendable, Codable {
        /// Every claim is proven.
        case pass = "PASS"
        /// The opposite of a claim is proven.
        case fail = "FAIL"
        /// Neither; more data would decide.
        case inconclusive = "INCONCLUSIVE"
        /// The measurement cannot support a claim.
        case invalid = "INVALID"
    }

    /// An objective with its verdict.
    public struct OfObjective: Sendable, Codable, Equatable {
        /// The objective as people write it.
        public var objective: String
        /// The verdict.
        public var verdict: Word
        /// Requests that count against it: failed, or as slow as its threshold or slower.
        public var count: Int
        /// All requests that it is about.
        public var total: Int
        /// The exact lower bound of the share; absent without requests.
        public var lower: Double?
        /// The exact upper bound of the share; absent without requests.
        public var upper: Double?
        /// Claim, bound, confidence, sample, method and assumptions in words.
        public var sentence: String
    }

    /// A limit of the generator that was passed.
    public struct Finding: Sendable, Codable, Equatable {
        /// What was measured against what, and what to do.
        public var sentence: String
        /// Whether it voids a PASS too, or a FAIL alone.
        public var voidsPass: Bool
    }

    /// The verdict over all objectives.
    public var verdict: Word
    /// Each objective's own.
    public var objectives: [OfObjective]
    /// What the generator did wrong.
    public var findings: [Finding]
    /// One-sided confidence of every bound.
    public var confidence: Double

    /// design.md's exit code of the verdict.
    public var exitCode: Int32 {
        switch verdict {
        case .pass: 0
        case .fail: 2
        case .inconclusive: 3
        case .invalid: 4
        }
    }
}
