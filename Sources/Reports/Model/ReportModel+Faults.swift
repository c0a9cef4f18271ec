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

    private static func time(_ seconds: Double?) -> String {
        seconds.map { "\(Figure.significant($0)) s" } ?? "-"
    }

    private static func proof(_ reading: FaultReading?) -> String {
        guard let reading else { return "-" }
        guard let proof = reading.proof else { return reading.step.rawValue }
        return proof == .proven ? "proven" : proof == .refuted ? "no effect" : "not proven"
    }
}
