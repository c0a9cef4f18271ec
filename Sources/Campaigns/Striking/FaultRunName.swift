import Faults
import Profiles
import Schedules
import Targets

/// Under which name a run strikes, and by which guard.
struct FaultRunName {
    /// The run's id, in letters, digits and `-`.
    let name: String
    /// The program that guards the undoing.
    let guardProgram: String

    init(id: String, guardProgram: String) {
        name = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        self.guardProgram = guardProgram
    }

    /// Refuses a profile whose faults may not or cannot be made here, before any load.
    ///
    /// - Throws: `CampaignError` with the first reason.
    static func check(_ profile: Profile) throws(CampaignError) {
        for fault in profile.faults {
            guard let problem = FaultPermission.problem(of: fault, in: profile) else { continue }
            throw CampaignError(
                .usage, "the fault \(fault.kind): \(problem.message)", hint: problem.hint)
        }
        let missed = FaultSchedule(profile).leftOut
        if missed > 0 {
            let words = missed == 1 ? "strike of the faults has" : "strikes of the faults have"
            throw CampaignError(
                .usage, "\(missed) \(words) no place before the load's end",
                hint: "make the load longer, or ask for fewer trials")
        }
    }
}
