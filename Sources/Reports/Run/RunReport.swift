public import Evidence
import FoundationEssentials
import Verdicts

/// Writes verdict.json and the formats that have a file, as report.html, beside a run's evidence.
public enum RunReport {
    /// Writes them, over earlier ones.
    ///
    /// - Throws: `EvidenceError` where they cannot be written.
    public static func write(_ model: ReportModel) throws(EvidenceError) {
        let folder = model.evidence.folder
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let json: String
        do { json = String(decoding: try encoder.encode(model.verdict), as: UTF8.self) } catch {
            throw EvidenceError(
                place: folder, message: "the verdict cannot be encoded: \(error)",
                hint: "this is a fault of loadgen; please report it")
        }
        try EvidenceWriter.write(json + "\n", to: "\(folder)/verdict.json")
        try model.writeReports(to: folder)
    }
}
