public import Profiles
import Schedules
import Statistics

extension Planner {
    /// Why the faults of a profile cannot decide what its objectives say about them.
    public static func undecidedTrials(_ profile: Profile) -> [Expectation] {
        let planner = Planner(profile: profile, arrivals: [])
        return profile.objectives.compactMap { objective in
            guard let claim = objective.claim as? any TrialClaim, claim.share != nil else {
                return nil
            }
            let load = Load(requests: 0, seconds: 0, isClosed: false)
            let expectation = planner.trials(objective, claim.share, load)
            return expectation.isDecidable ? nil : expectation
        }
    }

    /// Of a claim about the faults of a run; without a share, about each of them.
    func trials(_ objective: Objective, _ share: TrialShare?, _ load: Load) -> Expectation {
        let made = FaultSchedule(profile).strikes.count { !$0.isSham }
        func expectation(_ isDecidable: Bool, _ words: String) -> Expectation {
            Expectation(objective, load, isDecidable: isDecidable, words)
        }
        guard made > 0 else {
            return expectation(false, "CANNOT DECIDE: the profile has no faults.")
        }
        let planned = "\(Figure.whole(made)) \(made == 1 ? "trial" : "trials")"
        guard let share else {
            return expectation(true, "DECIDABLE: \(planned), each of which must keep it.")
        }
        guard made >= share.trials else {
            return expectation(
                false,
                "CANNOT DECIDE: the faults strike in \(planned), and it is to be judged over "
                    + "\(Figure.whole(share.trials)).")
        }
        let confidence = objective.confidence ?? profile.confidence
        let allowed = SampleSize.maximumErrorsThatPass(
            trials: made, limit: share.allowedShare, confidence: confidence)
        let needed = SampleSize.required(
            limit: share.allowedShare, errors: (allowed ?? -1) + 1, confidence: confidence)
        let level = "at \(Figure.given(confidence)) confidence"
        guard let allowed else {
            return expectation(
                false,
                "CANNOT DECIDE: \(planned), and even without a miss a PASS needs "
                    + "\(Figure.whole(needed)) \(level).")
        }
        return expectation(
            true,
            "DECIDABLE: \(planned), of which "
                + "\(allowed == 0 ? "none" : Figure.whole(allowed)) may miss \(level); "
                + "\(Figure.whole(needed)) would allow one more.")
    }
}
