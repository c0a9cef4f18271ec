public import Profiles
import Statistics

/// Says before a run whether it can decide its objectives.
public struct Planner {
    /// What is to be expected of one objective.
    public struct Expectation: Sendable, Equatable {
        /// The objective as people write it.
        public var objective: String
        /// The requests that the profile makes of it in judged phases.
        public var requests: Int
        /// The requests that prove it without one error.
        public var least: Int
        /// The requests that prove it with 80 % power, if the true share is a fifth of what is
        /// allowed.
        public var planned: Int
        /// All of it in words, with what would be enough.
        public var sentence: String
        /// Whether it can be decided at all.
        public var isDecidable: Bool { requests >= least }
    }

    /// Expectations for every objective of a profile, given the arrivals of each judged phase.
    ///
    /// - Parameter arrivals: the number of arrivals in judged phases.
    public static func plan(_ profile: Profile, arrivals: Int) -> [Expectation] {
        profile.objectives.compactMap { objective in
            objective.allowedShare.map {
                expectation(of: objective, limit: $0, profile, arrivals: arrivals)
            }
        }
    }

    private static func expectation(
        of objective: Objective, limit: Double, _ profile: Profile, arrivals: Int
    ) -> Expectation {
        let weights = profile.scenarios.reduce(0) { $0 + $1.weight }
        let steps = profile.scenarios.reduce(0.0) { sum, scenario in
            let matching = scenario.requests.count {
                objective.operation == nil || $0.rowName == objective.operation
            }
            return sum + Double(matching) * Double(scenario.weight) / Double(weights)
        }
        let requests = Int((Double(arrivals) * steps).rounded())
        let least = SampleSize.required(limit: limit, errors: 0, confidence: profile.confidence)
        let plan = SampleSize.plan(
            limit: limit, believed: limit / 5, confidence: profile.confidence)
        let planned = plan?.trials ?? least
        return Expectation(
            objective: objective.description, requests: requests, least: least, planned: planned,
            sentence: sentence(
                objective, profile, requests: requests, least: least, planned: planned))
    }

    private static func sentence(
        _ objective: Objective, _ profile: Profile, requests: Int, least: Int, planned: Int
    ) -> String {
        let seconds = profile.load.filter(\.isJudged).reduce(0) { $0 + $1.duration.inSeconds }
        let made = "\(Figure.whole(requests)) requests"
        func enough(_ wanted: Int) -> String {
            guard requests > 0 else { return "give it an open phase that sends some" }
            let time = seconds * Double(wanted) / Double(requests)
            return
                "\(Figure.whole(wanted)) requests, \(Figure.significant(time)) s at this rate, "
                + "would be enough"
        }
        if requests < least {
            return "CANNOT DECIDE: \(made), and even without one failure a PASS needs "
                + "\(Figure.whole(least)); \(enough(planned))."
        }
        if requests < planned {
            return
                "BRITTLE: \(made) prove it only if nearly none fails (\(Figure.whole(least)) "
                + "without any); "
                + "\(enough(planned)) for 80 % power."
        }
        return "DECIDABLE: \(made), \(Figure.whole(planned)) give 80 % power."
    }
}
