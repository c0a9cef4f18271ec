import Profiles
import Statistics
import Verdicts

/// A profile as one step of a capacity search runs it.
enum CapacityProfile {
    /// The name of the judged phase.
    static let phase = "step"
    /// Whole seconds, so that the rows of a run end where its step does.
    private static let warmUpSeconds = 1.0
    private static let maximumWarmUpSeconds = 10.0
    /// So many of the tightest latency bound have arrivals in flight become as many as they stay.
    private static let warmUpBounds = 2.0
    /// In fewer seconds a queue that grows cannot be told from one that does not.
    private static let minimumSeconds = 8.0
    /// A step lasts so many of the tightest latency bound, at least.
    private static let minimumBounds = 10.0
    private static let confirmSeconds = 60.0
    private static let confirmBounds = 20.0
    /// An objective that would need longer stays undecided, and the report says so.
    private static let maximumSeconds = 60.0
    /// In flight at twice the time that a user would wait anyway, and with room for a stall.
    private static let inFlightSeconds = 2.0
    private static let probeRate = 20.0
    private static let probeSeconds = 0.5

    /// The profile at a step's rate: a short warm-up, then one phase that is as long as the
    /// tightest objective needs, and at least 8 s and ten times the tightest latency bound; it ends
    /// as soon as one is broken for sure.
    ///
    /// A step that is to confirm a rate lasts `confirmSeconds`, or 60 s and at least twenty times
    /// the tightest latency bound where that is `nil`.
    static func profile(
        _ profile: Profile, for step: CapacitySearch.Step, at url: String,
        confirmSeconds: Double? = nil
    ) -> Profile {
        var result = profile
        result.target = .url(url)
        result.confidence = step.confidence
        result.seed = profile.seed &+ UInt64(clamping: step.rate)
        for index in result.objectives.indices {
            // A step has one judged phase, which is not the profile's.
            result.objectives[index].phase = nil
            result.objectives[index].aborts = result.objectives[index].mayAbort
        }
        let rate = Rate(perSecond: step.rate)
        let arrivals = Self.arrivals(of: profile)
        let expectations = Planner.plan(result, arrivals: 1_000_000)
        let lengths = expectations.map { expectation -> Double in
            // Requests of an objective for each arrival, at this rate.
            let perArrival = max(1, Double(expectation.requests)) / 1e6
            return Double(expectation.planned) / perArrival / step.rate
        }
        let windows = result.objectives.compactMap(\.window?.inSeconds)
        let needed = (lengths + windows).max() ?? 0
        let bound = Self.tightestSeconds(of: profile)
        var seconds = max(
            min(Self.maximumSeconds, max(Self.minimumSeconds, needed)), Self.minimumBounds * bound)
        if step.stage == .confirm {
            let least = max(Self.confirmSeconds, Self.confirmBounds * bound)
            seconds = confirmSeconds ?? max(least, seconds)
        }
        seconds = (seconds * Double(step.length)).rounded(.up)
        let warmUpSeconds = min(
            Self.maximumWarmUpSeconds,
            max(Self.warmUpSeconds, (Self.warmUpBounds * bound).rounded(.up)))
        var warmUp = Phase(
            name: "warm up", model: ConstantArrivalRate(rate, arrivals),
            duration: .seconds(warmUpSeconds), isJudged: false)
        warmUp.scenarios = profile.judgedPhases.first?.scenarios ?? []
        var judged = warmUp
        judged.name = Self.phase
        judged.duration = .seconds(seconds)
        judged.isJudged = true
        result.load = [warmUp, judged]
        result.limits.inFlight = max(
            profile.limits.inFlight, Int(clamping: (step.rate * Self.inFlightSeconds).rounded(.up)))
        return result
    }

    /// The tightest latency bound of a profile's objectives, in seconds; 0 where they have none.
    static func tightestSeconds(of profile: Profile) -> Double {
        Double(profile.objectives.compactMap(\.thresholdNanoseconds).min() ?? 0) / 1e9
    }

    /// A few requests of the profile's, by which one sees whether the target is idle again.
    static func probe(_ profile: Profile, at url: String) -> Profile {
        let step = CapacitySearch.Step(
            stage: .rise, rate: probeRate, confidence: profile.confidence, length: 1)
        var result = Self.profile(profile, for: step, at: url)
        result.objectives = []
        result.load = result.load.suffix(1)
        result.load[0].duration = .seconds(probeSeconds)
        return result
    }

    /// How the profile's judged phases space their arrivals; evenly where they do not say.
    private static func arrivals(of profile: Profile) -> Arrivals {
        profile.judgedPhases.lazy.compactMap(\.model.arrivals).first ?? .constant
    }
}

/// What the verdict of a step's run means for the search.
enum CapacityOutcome {
    static func outcome(of verdict: RunVerdict) -> CapacitySearch.Outcome {
        switch verdict.verdict {
        case .pass: .pass
        case .fail: .fail
        case .inconclusive, .measured: .undecided
        case .invalid: .void
        }
    }

    /// What kept a step from passing, and whose limit that was.
    static func reason(
        _ verdict: RunVerdict, _ objectives: [Objective]
    ) -> (String, CapacityStep.Bound?) {
        switch verdict.verdict {
        case .pass: return ("", nil)
        case .invalid:
            let sentence =
                verdict.findings.first?.sentence
                ?? verdict.objectives.first { $0.verdict == .invalid }?.sentence ?? ""
            return (sentence, .generator)
        case .fail, .inconclusive, .measured:
            let index = verdict.objectives.firstIndex { $0.verdict == verdict.verdict }
            let sentence =
                index.map {
                    "\(verdict.objectives[$0].objective): \(verdict.objectives[$0].sentence)"
                }
                ?? ""
            guard verdict.verdict == .fail else { return (sentence, .undecided) }
            guard let index, objectives.indices.contains(index) else { return (sentence, .target) }
            return (sentence, objectives[index].capacityBound)
        }
    }
}
