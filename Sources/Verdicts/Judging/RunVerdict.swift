public import Measurements

/// What the evidence of a run says: verdict.json.
public struct RunVerdict: Sendable, Codable, Equatable {
    /// The version of its form.
    public static let schema = "loadgen/verdict/2"

    /// One of the five words.
    public enum Word: String, Sendable, Codable {
        /// Every claim is proven.
        case pass = "PASS"
        /// The opposite of a claim is proven.
        case fail = "FAIL"
        /// Neither; more data would decide.
        case inconclusive = "INCONCLUSIVE"
        /// The measurement cannot support a claim.
        case invalid = "INVALID"
        /// Nothing was asked: the run has no objective. Never the verdict of an objective.
        case measured = "MEASURED"

        /// The process's exit code for it.
        public var exitCode: Int32 {
            switch self {
            case .pass, .measured: 0
            case .fail: 2
            case .inconclusive: 3
            case .invalid: 4
            }
        }
    }

    /// A limit of the generator or of the evidence that was passed.
    public struct Finding: Sendable, Codable, Equatable {
        /// What it voids.
        public enum Reach: String, Sendable, Codable {
            /// Every objective: the evidence is no measurement of the target.
            case everything
            /// What is no FAIL of a share without the requests that it is about.
            case unlessFail = "unless_fail"
            /// A FAIL of latency that lateness of the generator may have caused.
            case failsOfTime = "fails_of_time"
            /// A PASS that depends on what was not sent.
            case unsent
            /// A recovery: what it is to recover from was not proven to strike.
            case recovery
        }

        /// What was measured against what, and what to do.
        public var sentence: String
        /// What it voids, if there is any of it.
        public var reach: Reach
        /// The objectives that it does void, as people write them.
        public var voids: [String]

        /// A finding from its parts.
        public init(sentence: String, reach: Reach, voids: [String] = []) {
            self.sentence = sentence
            self.reach = reach
            self.voids = voids
        }

        /// What it does to the verdict, in words.
        public var effect: String {
            if reach == .everything { return "voids the run" }
            if reach == .unsent { return "counts against every PASS" }
            return voids.isEmpty
                ? "note, the verdict stands" : "voids \(voids.joined(separator: ", "))"
        }
    }

    /// The version of its form.
    public var schema = Self.schema
    /// The verdict over all objectives.
    public var verdict: Word
    /// Each objective's own.
    public var objectives: [OfObjective]
    /// What the generator did wrong.
    public var findings: [Finding]
    /// One-sided confidence of every bound, unless an objective has its own.
    public var confidence: Double
    /// What is to be said of the verdict over all objectives; `nil` if its objectives say it all.
    public var note: String?
    /// Whether what target and loadgen hold grows; `nil` if the run is no soak.
    public var leaks: [LeakVerdict]?
    /// What grew on the target's heap, where its memory is proven to leak and its allocator says.
    public var heap: HeapGrowth?

    /// The exit code of the verdict.
    public var exitCode: Int32 { verdict.exitCode }
}
