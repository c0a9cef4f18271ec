import Evidence
import Measurements
import Profiles

extension Validity {
    /// A fault that was not proven to strike, or to be undone, proves no recovery.
    func faults() -> RunVerdict.Finding? {
        guard !profile.faults.isEmpty else { return nil }
        let all = evidence.events.compactMap(\.fault)
        let readings = all.filter { !$0.isSham }
        guard let reading = readings.first(where: { $0.proof != .proven }) else {
            guard all.isEmpty else { return nil }
            return RunVerdict.Finding(
                sentence: "the profile has faults, and the evidence says of none that it struck; "
                    + "run again.", reach: .recovery)
        }
        let bad = readings.filter { $0.proof != .proven }.count
        let more = bad > 1 ? ", and \(Figure.whole(bad - 1)) more like it" : ""
        return RunVerdict.Finding(
            sentence: "\(words(reading))\(more): without that proof nothing is said of recovery; "
                + "loadgen chaos list says what works here.", reach: .recovery)
    }

    private func words(_ reading: FaultReading) -> String {
        let which = "strike \(reading.trial + 1) of the fault \(reading.kind)"
        return switch reading.step {
        case .missed: "\(which) was not made: the load was over"
        case .failed: "\(which) could not be made or taken back"
        case .struck:
            reading.proof == .refuted
                ? "\(which) had no effect" : "of \(which) nothing shows that it had an effect"
        case .undone:
            reading.proof == .refuted
                ? "\(which) was not taken back"
                : "of \(which) nothing shows that it was taken back"
        }
    }
}
