public import Evidence

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

    /// A limit of the generator or of the evidence that was passed.
    public struct Finding: Sendable, Codable, Equatable {
        /// What was measured against what, and what to do.
        public var sentence: String
        /// Whether it voids a PASS too, or a FAIL alone.
        public var voidsPass: Bool
        /// The objectives whose FAIL it voids, as people write them; of one that voids a PASS too,
        /// those are all.
        public var voids: [String]

        /// A finding from its parts.
        public init(sentence: String, voidsPass: Bool, voids: [String] = []) {
            self.sentence = sentence
            self.voidsPass = voidsPass
            self.voids = voids
        }

        /// What it does to the verdict, in words.
        public var effect: String {
            if voidsPass { return "voids the run" }
            return voids.isEmpty
                ? "voids no objective" : "voids the FAIL of \(voids.joined(separator: ", "))"
        }
    }

    /// The verdict over all objectives.
    public var verdict: Word
    /// Each objective's own.
    public var objectives: [OfObjective]
    /// What the generator did wrong.
    public var findings: [Finding]
    /// One-sided confidence of every bound, unless an objective has its own.
    public var confidence: Double
    /// What a year would be like if it were like this run, never proven; absent without requests.
    public var availability: AvailabilityEstimate?
    /// Whether what target and loadgen hold grows; absent where the run is no soak.
    public var leaks: [LeakVerdict]?
    /// What grew on the target's heap, where its memory is proven to leak and its allocator says.
    public var heap: HeapGrowth?

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
