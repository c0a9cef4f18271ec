import Evidence
import Measurements
import Statistics
import Verdicts

extension ReportModel {
    /// A line for each strike of a fault.
    var faults: [Row] {
        var strikes: [[Int]: [FaultReading]] = [:]
        for reading in evidence.events.compactMap(\.fault) {
            strikes[[reading.fault, reading.trial], default: []].append(reading)
        }
        // Of each strike that changed nothing, its trial says all.
        strikes = strikes.filter { !$0.value.contains(where: \.isSham) }
        let rows = strikes.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
        guard !rows.isEmpty else { return [] }
        return [["fault", "strike", "at", "struck", "taken back", "by"]]
            + rows.map { key, readings in
                let struck = readings.first { $0.step != .undone }
                let undone = readings.first { $0.step == .undone }
                return [
                    struck?.kind ?? "", "\(key[1] + 1)", Self.time(struck?.beganSeconds),
                    Self.proof(struck), undone.map(Self.proof) ?? "-", struck?.mechanism ?? "",
                ]
            }
    }

    /// A line for each fault: what it did to requests.
    var trialRows: [Row] {
        guard !trials.trials.isEmpty else { return [] }
        return [
            [
                "fault", "trial", "at", "seen after", "by the target", "degraded for",
                "wrong in that", "failed",
                "worth", "recovered from start", "from end",
            ]
        ]
            + trials.trials.map { trial in
                [
                    trial.kind, "\(trial.trial + 1)", Self.time(trial.struckSeconds),
                    trial.detection.map(Self.length) ?? "not seen",
                    trial.systemDetection.map(Self.length) ?? "-",
                    trial.degraded.map(Self.length) ?? "-",
                    trial.degraded.map { _ in Figure.percent(trial.share) } ?? "-",
                    Figure.whole(trial.failed), Self.time(trial.excessSeconds),
                    Self.length(trial.recoveryFromStart),
                    trial.recoveryFromEnd.map(Self.length) ?? "-",
                ]
            }
    }

    /// What was found where nothing was changed; `nil` if there were no such strikes.
    var shamWords: String? {
        let (seen, made) = (trials.detectedShams, trials.shams.count)
        guard let most = trials.maximumShamShare(confidence: verdict.confidence) else { return nil }
        return "\(Figure.whole(seen)) of \(Figure.whole(made)) sham "
            + "\(made == 1 ? "trial" : "trials"), in which nothing was changed, looked like a "
            + "fault: chance makes at most \(Figure.percent(most)) of them do so "
            + "(\(Figure.given(verdict.confidence)))."
    }

    /// The words of one trial, as its row has them.
    static func words(_ trial: FaultTrial) -> String {
        let seen = trial.detection.map { "seen after \(length($0))" } ?? "not seen"
        return "\(seen), \(Figure.whole(trial.failed)) requests failed, recovered after "
            + length(trial.recovery)
    }

    private static func length(_ length: FaultTrial.Length) -> String {
        let lower = Figure.significant(length.lower)
        guard let upper = length.upper.map({ Figure.significant($0) }) else {
            return "over \(lower) s, not over"
        }
        return lower == upper ? "\(upper) s" : "\(lower) to \(upper) s"
    }

    private static func time(_ seconds: Double?) -> String {
        seconds.map { "\(Figure.significant($0)) s" } ?? "-"
    }

    private static func proof(_ reading: FaultReading?) -> String {
        guard let reading else { return "-" }
        guard let proof = reading.proof else { return reading.step.rawValue }
        return proof == .proven ? "proven" : proof == .refuted ? "no effect" : "not proven"
    }
}
