import Foundation

/// Reference values as data: Tests/Oracles, or the folder that LOADGEN_ORACLES names.
struct OracleFile {
    let cases: [[String: Any]]
    let series: [String: [Double]]
    private let tolerance: [String: Double]

    init(_ topic: String) throws {
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["LOADGEN_ORACLES"].map { URL(filePath: $0) }
            ?? beside.appending(path: "Oracles")
        let data = try Data(contentsOf: folder.appending(path: "\(topic).json"))
        let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        cases = root["cases"] as? [[String: Any]] ?? []
        series = root["series"] as? [String: [Double]] ?? [:]
        tolerance = root["default_tol"] as? [String: Double] ?? [:]
    }

    /// The cases of a function; a function without any is a mistake of the test.
    func cases(of function: String) -> [OracleCase] {
        cases.filter { $0["fn"] as? String == function }.map { raw in
            OracleCase(
                id: raw["id"] as? String ?? "?", input: raw["in"] as? [String: Any] ?? [:],
                output: raw["out"] as? [String: Any] ?? [:],
                tolerance: raw["tol"] as? [String: Double] ?? tolerance)
        }
    }
}

/// One case: its inputs, and what must come out within its tolerance.
struct OracleCase {
    let id: String
    let input: [String: Any]
    let output: [String: Any]
    let tolerance: [String: Double]

    func double(_ name: String) -> Double { (input[name] as? NSNumber)?.doubleValue ?? .nan }

    func integer(_ name: String) -> Int { (input[name] as? NSNumber)?.intValue ?? .min }

    /// Whether a result is the case's, by its tolerance; null means that there must be none.
    func accepts(_ name: String, _ got: Double?) -> Bool {
        guard let want = (output[name] as? NSNumber)?.doubleValue else { return got == nil }
        guard let got else { return false }
        return abs(got - want) <= (tolerance["abs"] ?? 0) + (tolerance["rel"] ?? 0) * abs(want)
    }

    /// Whether a count or a rank is the case's, exactly.
    func accepts(_ name: String, _ got: Int?) -> Bool {
        (output[name] as? NSNumber)?.intValue == got
    }
}
