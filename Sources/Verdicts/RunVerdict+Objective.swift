import Statistics

extension RunVerdict {
    /// An objective with its verdict, and all that it rests on.
    public struct OfObjective: Sendable, Codable, Equatable {
        /// What the figures of an objective are in.
        public enum Unit: String, Sendable, Codable {
            /// A share of requests, 0 to 1, of those that count against it or, for `success`, of
            /// those that count for it.
            case share
            /// A second.
            case perSecond = "per_second"
            /// Seconds.
            case seconds
            /// Bytes for each request.
            case bytesPerRequest = "bytes_per_request"
            /// Bytes an hour.
            case bytesPerHour = "bytes_per_hour"
        }

        /// The latency at a quantile with its interval, in nanoseconds; an end that is absent is
        /// not bounded by this sample, or lies among the requests that failed.
        public struct Quantile: Sendable, Codable, Equatable {
            /// Which, in parts per million.
            public var partsPerMillion: Int
            /// The latency.
            public var nanoseconds: UInt64?
            /// The lower end of its two-sided interval.
            public var lowerNanoseconds: UInt64?
            /// The upper end.
            public var upperNanoseconds: UInt64?

            enum CodingKeys: String, CodingKey {
                case partsPerMillion = "ppm"
                case nanoseconds = "value_ns"
                case lowerNanoseconds = "lower_ns"
                case upperNanoseconds = "upper_ns"
            }
        }

        /// What would decide an INCONCLUSIVE objective.
        public struct Needed: Sendable, Codable, Equatable {
            /// So many requests more; absent where it is a matter of time alone.
            public var moreRequests: Int?
            /// So many minutes more, at this run's rate.
            public var moreMinutes: Double?
            /// The same in words, with what must happen meanwhile.
            public var sentence: String

            /// What would decide, from its parts.
            public init(moreRequests: Int?, moreMinutes: Double?, sentence: String) {
                self.moreRequests = moreRequests
                self.moreMinutes = moreMinutes
                self.sentence = sentence
            }

            enum CodingKeys: String, CodingKey {
                case moreRequests = "more_requests"
                case moreMinutes = "more_minutes"
                case sentence
            }
        }

        /// A window that is proven to break the objective.
        public struct Window: Sendable, Codable, Equatable {
            /// Its begin in seconds from the start of the load.
            public var startSeconds: Double
            /// Its end in seconds from the start of the load.
            public var endSeconds: Double
            /// What was measured in it, in the objective's unit.
            public var value: Double

            enum CodingKeys: String, CodingKey {
                case startSeconds = "start_s"
                case endSeconds = "end_s"
                case value
            }
        }

        /// The objective as people write it.
        public var objective: String
        /// The verdict.
        public var verdict: Word
        /// Claim, bound, confidence, sample, method and assumptions in words.
        public var sentence: String
        /// Requests that count against it: failed, or as slow as its threshold or slower.
        public var count: Int
        /// All requests that it is about.
        public var total: Int
        /// What value, bounds, limit and smallest effect are in; absent where nothing was measured.
        public var unit: Unit?
        /// What was measured.
        public var value: Double?
        /// The lower bound at the confidence; absent where there is none.
        public var lower: Double?
        /// The upper bound at the confidence; absent where there is none.
        public var upper: Double?
        /// What it is held against.
        public var limit: Double?
        /// The one-sided confidence of each bound.
        public var confidence: Double?
        /// The judged time that the sample is of.
        public var sampleSeconds: Double?
        /// How many independent values the sample weighs as much as.
        public var effectiveCount: Double?
        /// By how much dependence between requests widens the variance; 1 for none.
        public var designEffect: Double?
        /// What the bounds assume, and how they were found.
        public var method: String?
        /// The smallest true value beyond the limit that such a run calls FAIL four times in five.
        public var smallestEffect: Double?
        /// What would decide it; absent but for INCONCLUSIVE.
        public var needed: Needed?
        /// The latency at the objective's quantile; absent for other objectives.
        public var quantile: Quantile?
        /// The windows that break it; absent without `within any`.
        public var failedWindows: [Window]?

        /// A verdict with its sentence, and nothing measured yet.
        public init(
            objective: String, verdict: Word, count: Int = 0, total: Int = 0, sentence: String
        ) {
            self.objective = objective
            self.verdict = verdict
            self.count = count
            self.total = total
            self.sentence = sentence
        }

        enum CodingKeys: String, CodingKey {
            case objective
            case verdict
            case sentence
            case count
            case total
            case unit
            case value
            case lower
            case upper
            case limit
            case confidence
            case sampleSeconds = "sample_s"
            case effectiveCount = "effective_count"
            case designEffect = "design_effect"
            case method
            case smallestEffect = "smallest_effect"
            case needed
            case quantile
            case failedWindows = "failed_windows"
        }
    }
}

extension RunVerdict.Word {
    /// The word of a test.
    init(_ verdict: Statistics.Verdict) {
        switch verdict {
        case .pass: self = .pass
        case .fail: self = .fail
        case .inconclusive: self = .inconclusive
        case .invalid: self = .invalid
        }
    }
}
