import Evidence
import Measurements
import Profiles
import Statistics

/// Whether latency kept its level while the load did: what a verdict says of longer runs.
///
/// Nothing is cut off by it: to the rule that finds a warm-up, a stall in the first half of a run
/// is one.
///
/// - Source: MSER-5 and the trend test, statistics.md 2.4.
struct Steadiness {
    /// What is to be said of it; empty where the load itself changes, or nothing is wrong.
    let note: String

    init(_ evidence: RunEvidence, _ profile: Profile) {
        let judged = profile.judgedPhases
        guard judged.count == 1, let phase = judged.first, phase.model.isSteady else {
            note = ""
            return
        }
        let seconds = evidence.rows.filter { $0.phases.names == [phase.name] }
            .compactMap { $0.latency.map { Double($0.p95Nanoseconds) / 1e6 } }
        guard let series = try? Series(seconds), series.count > 0 else {
            note = ""
            return
        }
        let warmUp = WarmUp(perSecond: series, profileSeconds: 0)
        if !warmUp.isChecked {
            note = "; stationarity not checked"
        } else if warmUp.isInconclusive {
            note = "; no steady state reached, so nothing is said of longer runs"
        } else if warmUp.isDrifting(series) == true {
            note = "; not stationary, so nothing is said of longer runs"
        } else {
            note = ""
        }
    }
}
