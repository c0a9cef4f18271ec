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
        /// The requests that prove it without one error; 0 where it is not about a share.
        public var least: Int
        /// The requests that prove it with 80 % power, if the true share is a fifth of what is
        /// allowed; 0 where it is not about a share.
        public var planned: Int
        /// All of it in words, with what would be enough.
        public var sentence: String
        /// Whether it can be decided at all.
        public var isDecidable: Bool
    }

    /// What the judged phases bring of one objective.
    struct Load {
        /// Its requests.
        var requests: Int
        /// How long they go on.
        var seconds: Double
        /// Whether users make any of them, so that their number depends on the target.
        var isClosed: Bool
    }

    let profile: Profile
    let arrivals: [[Int]]

    /// Expectations for every objective of a profile.
    ///
    /// - Parameter arrivals: how many each phase has of each scenario, in the profile's order of
    ///   both.
    public static func plan(_ profile: Profile, arrivals: [[Int]]) -> [Expectation] {
        let planner = Planner(profile: profile, arrivals: arrivals)
        return profile.objectives.map(planner.expectation)
    }

    /// Expectations where one judged phase has so many arrivals, of all scenarios by their weight.
    public static func plan(_ profile: Profile, arrivals: Int) -> [Expectation] {
        let weights = profile.scenarios.reduce(0) { $0 + $1.weight }
        var table = profile.load.map { _ in profile.scenarios.map { _ in 0 } }
        if let phase = profile.load.firstIndex(where: \.isJudged) {
            table[phase] = profile.scenarios.map { scenario in
                let share = Double(scenario.weight) / Double(max(1, weights))
                return Int(clamping: (Double(arrivals) * share).rounded())
            }
        }
        return plan(profile, arrivals: table)
    }

    private func expectation(of objective: Objective) -> Expectation {
        let looked = profile.load.indices.filter { objective.isAbout(profile.load[$0]) }
        var requests = 0
        for phase in looked {
            for (scenario, count) in zip(profile.scenarios, arrivals[phase]) {
                requests += count * steps(of: scenario, objective)
            }
        }
        let seconds = looked.reduce(0) { $0 + profile.load[$1].duration.inSeconds }
        let load = Load(
            requests: requests, seconds: seconds,
            isClosed: looked.contains { !profile.load[$0].model.isOpen })
        return objective.judgedClaim.expectation(of: objective, by: self, from: load)
    }

    /// The requests, or passes of a group, that one iteration makes of an objective.
    private func steps(of scenario: Scenario, _ objective: Objective) -> Int {
        guard let name = objective.operation else { return scenario.requests.count }
        let requests = scenario.requests.count { $0.rowName == name }
        return requests > 0 ? requests : scenario.groups.contains(name) ? 1 : 0
    }

    // MARK: Shares

    /// Of a claim about a share of requests.
    func share(_ objective: Objective, _ load: Load) -> Expectation {
        let (limit, seconds) = (objective.allowedShare ?? 0, load.seconds)
        let confidence = objective.confidence ?? profile.confidence
        let least = SampleSize.required(limit: limit, errors: 0, confidence: confidence)
        let plan = SampleSize.plan(limit: limit, believed: limit / 5, confidence: confidence)
        let planned = plan?.trials ?? least
        // Each window must pass by itself.
        let window = objective.window.map { min(1, $0.inSeconds / max(1e-9, seconds)) } ?? 1
        let requests = Int(clamping: (Double(load.requests) * window).rounded())
        if let bursts, seconds < bursts(limit, confidence) {
            return Expectation(
                objective: objective.description, requests: requests, least: least,
                planned: planned,
                sentence: "CANNOT DECIDE: "
                    + "\(ShareSentence.time(profile.bursts?.inSeconds ?? 0)) of `bursts` could be "
                    + "missed by chance in \(ShareSentence.time(seconds)); run at least "
                    + "\(ShareSentence.time(bursts(limit, confidence).rounded(.up))).",
                isDecidable: false)
        }
        return Expectation(
            objective: objective.description, requests: requests, least: least, planned: planned,
            sentence: sentence(
                made: "\(Figure.whole(requests)) requests" + (window < 1 ? " a window" : ""),
                requests, seconds: seconds * window, least: least, planned: planned),
            isDecidable: requests >= least)
    }

    /// How long a run without a spell must be to speak for spells as long as `bursts` declares, in
    /// seconds; `nil` if the profile declares none.
    private var bursts: ((_ limit: Double, _ confidence: Double) -> Double)? {
        profile.bursts.map { bursts in
            { limit, confidence in
                bursts.inSeconds * PoissonDistribution.upperBound(count: 0, confidence: confidence)
                    / limit
            }
        }
    }

    /// The longest swing of the target that a run of so many seconds can speak for.
    private static func longestSwing(_ seconds: Double) -> String {
        ShareSentence.time(seconds / (2 * Dependence.minimumStretches))
    }

    private func sentence(
        made: String, _ requests: Int, seconds: Double, least: Int, planned: Int
    ) -> String {
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
                "BRITTLE: with \(made) it passes only if almost none fails "
                + "(\(Figure.whole(least)) do without a failure); "
                + "\(enough(planned))."
        }
        return
            "DECIDABLE: \(made); \(Figure.whole(planned)) would pass in four of five runs if the "
            + "true share is a fifth of the limit, and if the target keeps no level for longer "
            + "than \(Self.longestSwing(seconds))."
    }

    // MARK: Rates

    /// Of a claim about a rate.
    func rate(_ objective: Objective, _ wanted: Double, _ load: Load) -> Expectation {
        if load.isClosed {
            return Expectation(
                objective, load, isDecidable: true,
                "DEPENDS on the target: its users ask as fast as it answers.")
        }
        let rate = load.seconds > 0 ? Double(load.requests) / load.seconds : 0
        let planned = "\(Figure.significant(rate, digits: 4))/s planned"
        let limit = "the limit is \(Figure.significant(wanted, digits: 4))/s"
        return rate > wanted
            ? Expectation(objective, load, isDecidable: true, "DECIDABLE: \(planned), \(limit).")
            : Expectation(
                objective, load, isDecidable: false,
                "CANNOT PASS: \(planned), \(limit); use a higher rate.")
    }
}

extension Planner.Expectation {
    /// Of a claim that no number of requests decides.
    init(_ objective: Objective, _ load: Planner.Load, isDecidable: Bool, _ sentence: String) {
        self.init(
            objective: objective.description, requests: load.requests, least: 0, planned: 0,
            sentence: sentence, isDecidable: isDecidable)
    }
}
