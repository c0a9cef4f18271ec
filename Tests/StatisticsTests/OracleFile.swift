import Foundation
import Testing

@testable import Statistics

/// Reference values as data: Tests/Oracles, or the folder that LOADGEN_ORACLES names.
struct OracleFile {
    let cases: [[String: Any]]
    private let series: [String: [Double]]
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
        let found = cases.filter { $0["fn"] as? String == function }
        #expect(!found.isEmpty, "no case of \(function)")
        return found.map { raw in
            OracleCase(
                id: raw["id"] as? String ?? "?", input: raw["in"] as? [String: Any] ?? [:],
                output: raw["out"] as? [String: Any] ?? [:], namedSeries: series,
                tolerance: raw["tol"] as? [String: Double] ?? tolerance)
        }
    }

    /// That all of a file's functions are among those that its tests name.
    func expectFunctions(_ names: Set<String>) {
        let there = Set(cases.compactMap { $0["fn"] as? String })
        #expect(there.subtracting(names).isEmpty, "functions without a test")
    }
}

/// One case: its inputs, and what must come out within its tolerance.
struct OracleCase {
    let id: String
    let input: [String: Any]
    let output: [String: Any]
    let namedSeries: [String: [Double]]
    let tolerance: [String: Double]

    func double(_ name: String) -> Double { (input[name] as? NSNumber)?.doubleValue ?? .nan }

    func integer(_ name: String) -> Int { (input[name] as? NSNumber)?.intValue ?? .min }

    /// A number that may be null.
    func optional(_ name: String) -> Double? { (input[name] as? NSNumber)?.doubleValue }

    func text(_ name: String) -> String { input[name] as? String ?? "" }

    func doubles(_ name: String) throws -> [Double] { try #require(input[name] as? [Double]) }

    func integers(_ name: String) throws -> [Int] { try #require(input[name] as? [Int]) }

    /// The named series of the file that the case is about.
    func series() throws -> Series {
        try Series(#require(namedSeries[text("series")], "\(id): no series"))
    }

    /// A quantile in parts per million.
    var partsPerMillion: Int { Int((double("q") * 1e6).rounded()) }

    /// Batches of counts n_b, k_b.
    func batches() throws -> [Proportion] {
        try zip(integers("k_b"), integers("n_b")).map { Proportion($0, of: $1) }
    }

    /// That every output of the case is among the results, and each within its tolerance.
    ///
    /// A whole number, a word, a truth value must be equal; a `nil` result must be null.
    func expect(_ got: [String: Any?], except: Set<String> = []) {
        for (name, want) in output where !except.contains(name) {
            guard let value = got[name] else {
                Issue.record("\(id): nothing is compared with \(name)")
                continue
            }
            let isMet = agree(value, want)
            #expect(isMet, "\(id) \(name): got \(value ?? "nothing"), want \(want)")
        }
    }

    private func agree(_ got: Any?, _ want: Any) -> Bool {
        guard let got, !isNil(got) else { return want is NSNull }
        if want is NSNull { return false }
        if let got = got as? String { return got == want as? String }
        if let got = got as? [Any?] {
            guard let want = want as? [Any], want.count == got.count else { return false }
            return zip(got, want).allSatisfy { agree($0, $1) }
        }
        if let got = got as? [String: Any?] {
            guard let want = want as? [String: Any] else { return false }
            return want.allSatisfy { name, want in agree(got[name] ?? nil, want) }
        }
        guard let number = want as? NSNumber else { return false }
        switch got {
        case let got as Bool: return got == number.boolValue
        case let got as Int:
            // Only a tolerance made for whole numbers allows another one.
            let slack = tolerance["rel"] == 0 ? Int(tolerance["abs"] ?? 0) : 0
            return abs(got - number.intValue) <= slack
        case let got as Double:
            let want = number.doubleValue
            let slack = (tolerance["abs"] ?? 0) + (tolerance["rel"] ?? 0) * abs(want)
            return abs(got - want) <= slack
        default: return false
        }
    }

    /// Whether a value is an optional inside that holds nothing.
    private func isNil(_ value: Any) -> Bool {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional && mirror.children.isEmpty
    }
}

extension Verdict {
    /// The word that reports print.
    var word: String { "\(self)".uppercased() }
}
