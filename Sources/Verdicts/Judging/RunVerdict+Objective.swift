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

        /// The latency at a quantile with its interval, in nanoseconds; an end that is `nil` is
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

        /// What a FAIL rests on.
        public enum FailRule: String, Sendable, Codable {
            /// Another run would miss the limit too: the lower bound is beyond it.
            case inference
            /// The share is so far beyond the limit that no dependence explains it.
            case share
            /// An outage of this run alone holds at least twice what the limit allows.
            case outage
            /// A change of level in this run alone holds at least twice what the limit allows.
            case change
        }

        /// What happened in this run: a fact, counted and not estimated.
        public struct InRun: Sendable, Codable, Equatable {
            /// Whether this run kept the limit.
            public var isKept: Bool
            /// When what counts against the limit began to come together, in seconds from the
            /// start of the load; `nil` if it is spread over the run.
            public var beganSeconds: Double?
            /// When that ended; `nil` if it lasted until the end of what was judged.
            public var endedSeconds: Double?
            /// The part of everything that counts that lies between them, 0 to 1.
            public var part: Double?
            /// How most of it ended, in words; `nil` if nothing counts.
            public var cause: String?
            /// Seconds in which the generator did not look.
            public var blindSeconds: Double?
            /// Requests that were never sent, for want of time or of data.
            public var unsent: Int?

            /// A fact that says only whether the limit was kept.
            public init(isKept: Bool) { self.isKept = isKept }

            enum CodingKeys: String, CodingKey {
                case isKept = "kept"
                case beganSeconds = "began_s"
                case endedSeconds = "ended_s"
                case part
                case cause
                case blindSeconds = "blind_s"
                case unsent
            }
        }

        /// What the same load would show again on this host: an inference.
        public struct Again: Sendable, Codable, Equatable {
            /// Whether this run can say it.
            public var isKnown: Bool
            /// For how long the level of latency stays what it is, in seconds; `nil` if requests
            /// do not hang together, or if that is not known.
            public var correlationSeconds: Double?
            /// Spells of outage that were seen.
            public var spells: Int?
            /// Spells longer than this, in seconds, would not have been seen; only with a PASS.
            public var longestSpellSeconds: Double?
            /// Spells rarer than one in so many seconds would not have been seen.
            public var rarestSpellSeconds: Double?
            /// The spell that the profile declares, which a PASS holds for.
            public var declaredSpellSeconds: Double?
            /// All of it in words.
            public var sentence: String

            /// An inference in words.
            public init(isKnown: Bool, sentence: String) {
                self.isKnown = isKnown
                self.sentence = sentence
            }

            enum CodingKeys: String, CodingKey {
                case isKnown = "known"
                case correlationSeconds = "correlation_s"
                case spells
                case longestSpellSeconds = "longest_spell_s"
                case rarestSpellSeconds = "rarest_spell_s"
                case declaredSpellSeconds = "declared_spell_s"
                case sentence
            }
        }

        /// What would decide an INCONCLUSIVE objective.
        public struct Needed: Sendable, Codable, Equatable {
            /// So many requests more; `nil` if it is a matter of time alone.
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

        /// The trials that an objective about faults rests on.
        public struct Trials: Sendable, Codable, Equatable {
            /// How many were judged.
            public var judged: Int
            /// How many of them did not keep the limit, or were not seen to.
            public var missed: Int
            /// How many prove the objective with so many misses; `nil` if it is about every fault.
            public var needed: Int?
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
        /// Whether lag of the generator can have caused what counts against it; never in the
        /// evidence.
        var isOfTime = false
        /// Whether it is about what faults did, or the target's own; never in the evidence.
        var isOfFaults = false
        /// The verdict.
        public var verdict: Word
        /// What was found, in words: the verdict first, then this run, then another one.
        public var sentence: String
        /// What a FAIL rests on; `nil` for another verdict.
        public var failRule: FailRule?
        /// What happened in this run; `nil` if nothing was measured.
        public var run: InRun?
        /// What another run would show; `nil` if nothing was measured.
        public var again: Again?
        /// How likely it is to see this, or worse, if the true value is the limit, 0 to 1; 0 for
        /// what happened in this run, `nil` if nothing tells.
        public var failProbability: Double?
        /// Requests that count against it: failed, or as slow as its threshold or slower.
        public var count: Int
        /// All requests that it is about.
        public var total: Int
        /// What value, bounds, limit and smallest effect are in; `nil` if nothing was measured.
        public var unit: Unit?
        /// What was measured.
        public var value: Double?
        /// The lower bound at the confidence; `nil` if there is none.
        public var lower: Double?
        /// The upper bound at the confidence; `nil` if there is none.
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
        /// The smallest true value beyond the limit that such a run calls FAIL four times in five;
        /// `nil` if requests hang together, so that none is known.
        public var smallestEffect: Double?
        /// What would decide it; `nil` but for INCONCLUSIVE.
        public var needed: Needed?
        /// The latency at the objective's quantile; `nil` for other objectives.
        public var quantile: Quantile?
        /// The trials of an objective about faults; `nil` for other objectives.
        public var trials: Trials?
        /// The windows that break it; `nil` without `within any`.
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
            case failRule = "fail_rule"
            case run
            case again
            case failProbability = "fail_probability"
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
            case trials
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
