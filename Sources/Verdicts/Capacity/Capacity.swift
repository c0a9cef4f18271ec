import Statistics

/// What a capacity search found: capacity.json.
public struct Capacity: Sendable, Codable, Equatable {
    /// The version of its form.
    public static let schema = "loadgen/capacity/1"

    /// The word for the whole.
    public enum Word: String, Sendable, Codable {
        /// A rate is confirmed.
        case pass = "PASS"
        /// None is.
        case inconclusive = "INCONCLUSIVE"
        /// The generator never brought the load.
        case invalid = "INVALID"
    }

    /// The scalability law through the steps.
    public struct Scalability: Sendable, Codable, Equatable {
        /// Throughput at concurrency 1, a second.
        public var rate: Double
        /// Its 95 % interval; `nil` if the steps are too few for one.
        public var rateInterval: [Double]?
        /// The share of work that runs one at a time.
        public var contention: Double
        /// Its 95 % interval; `nil` if it is at its bound.
        public var contentionInterval: [Double]?
        /// The price of each pair that must agree.
        public var coherency: Double
        /// Its 95 % interval; `nil` if it is at its bound.
        public var coherencyInterval: [Double]?
        /// The concurrency at which throughput is highest; `nil` if the law never falls.
        public var peakConcurrency: Double?
        /// The throughput there.
        public var peakThroughput: Double?
        /// The share of the variance that the law explains.
        public var rSquared: Double?
        /// What speaks against trusting it.
        public var cautions: [String]
    }

    /// The version of its form.
    public var schema = Self.schema
    /// The word for the whole.
    public var word: Word
    /// All of it in a sentence.
    public var sentence: String
    /// The profile that was scaled.
    public var profile: String
    /// What was loaded.
    public var target: String
    /// The objectives that had to hold.
    public var objectives: [String]
    /// One-sided confidence of the confirmed rate.
    public var confidence: Double
    /// The highest rate that a step of its own confirmed.
    public var confirmedRate: Double?
    /// How long the step lasted that confirmed it, in seconds.
    public var confirmedSeconds: Double?
    /// The lowest rate that did not pass.
    public var lowestFailing: Double?
    /// Whose limit it was there.
    public var bound: CapacityStep.Bound?
    /// The lowest rate whose p95 is more than twice that of the slowest step.
    public var knee: Double?
    /// The law, where the steps allow a fit.
    public var scalability: Scalability?
    /// Processors of the machine.
    public var processors: Int
    /// How long the search took, in seconds.
    public var seconds = 0.0
    /// Every step, in order.
    public var steps: [CapacityStep]
    /// What limits the claim, in words.
    public var notes: [String]

    /// The process's exit code for the word.
    public var exitCode: Int32 {
        switch word {
        case .pass: 0
        case .inconclusive: 3
        case .invalid: 4
        }
    }

    /// What a search and its steps say.
    public init(
        search: CapacitySearch, steps: [CapacityStep], profile: String, target: String,
        objectives: [String], processors: Int
    ) {
        self.profile = profile
        self.target = target
        self.objectives = objectives
        self.processors = processors
        self.steps = steps
        confidence = search.confidence
        confirmedRate = search.confirmed
        confirmedSeconds =
            steps.last {
                $0.stage == .confirm && $0.outcome == .pass && $0.rate == search.confirmed
            }?.seconds
        lowestFailing = search.high
        bound = steps.last { $0.rate == search.high && $0.outcome != .pass }?.bound
        notes = []
        word =
            search.confirmed != nil
            ? .pass : steps.allSatisfy { $0.outcome == .void } ? .invalid : .inconclusive
        sentence = ""
        knee = Self.knee(steps)
        scalability = Self.scalability(steps)
        sentence = CapacitySentence(self, search).text
        notes = CapacitySentence(self, search).notes
    }

    /// The lowest rate whose p95 is more than twice that of the slowest step.
    private static func knee(_ steps: [CapacityStep]) -> Double? {
        let known = steps.filter { $0.outcome != .void }.sorted { $0.rate < $1.rate }
        guard let base = known.first?.p95 else { return nil }
        return known.first { ($0.p95 ?? 0) > 2 * base }?.rate
    }

    /// The law through the steps that were steady: concurrency is throughput times mean latency.
    private static func scalability(_ steps: [CapacityStep]) -> Scalability? {
        let points = steps.compactMap { step -> ScalabilityFit.Point? in
            guard step.outcome == .pass, step.throughput > 0, let mean = step.mean, mean > 0 else {
                return nil
            }
            return ScalabilityFit.Point(
                concurrency: step.throughput * mean / 1e9, throughput: step.throughput)
        }
        guard let fit = ScalabilityFit(points) else { return nil }
        func interval(_ precision: ScalabilityFit.Precision?) -> [Double]? {
            precision.map { [$0.interval.lowerBound, $0.interval.upperBound] }
        }
        return Scalability(
            rate: fit.law.rate, rateInterval: interval(fit.rate),
            contention: fit.law.contention, contentionInterval: interval(fit.contention),
            coherency: fit.law.coherency, coherencyInterval: interval(fit.coherency),
            peakConcurrency: fit.law.peakConcurrency, peakThroughput: fit.law.peakThroughput,
            rSquared: fit.rSquared, cautions: fit.cautions.map(Self.words))
    }

    private static func words(_ caution: ScalabilityFit.Caution) -> String {
        switch caution {
        case .fewLoads: "fewer than six steps"
        case .poorFit: "the law explains less than 95 % of the variance"
        case .peakNotIdentified: "the steps do not show a peak"
        case .superlinear: "a step is above what as many single ones would give"
        }
    }
}
