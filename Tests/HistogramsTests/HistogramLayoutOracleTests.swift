import Foundation
import Testing

@testable import Histograms

@Suite struct HistogramLayoutOracleTests {
    /// A case of `hdr_equivalent_range`.
    private struct Case: Decodable {
        struct Input: Decodable { let value: UInt64, digits: Int }
        struct Output: Decodable { let lowest: UInt64, highest: UInt64 }
        let id: String
        let input: Input
        let output: Output

        enum CodingKeys: String, CodingKey {
            case id
            case input = "in"
            case output = "out"
        }
    }

    /// The file's cases; those of other functions have other keys, and are left out.
    private struct File: Decodable {
        struct Entry: Decodable {
            let found: Case?

            init(from decoder: any Decoder) throws {
                let function = try decoder.container(keyedBy: Key.self)
                    .decode(String.self, forKey: .fn)
                found = function == "hdr_equivalent_range" ? try Case(from: decoder) : nil
            }

            enum Key: String, CodingKey { case fn }
        }
        let cases: [Entry]
    }

    /// Tests/Oracles, or the folder that LOADGEN_ORACLES names.
    private func cases() throws -> [Case] {
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["LOADGEN_ORACLES"].map { URL(filePath: $0) }
            ?? beside.appending(path: "Oracles")
        let data = try Data(contentsOf: folder.appending(path: "quantile_ci.json"))
        return try JSONDecoder().decode(File.self, from: data).cases.compactMap(\.found)
    }

    @Test func `the values that share a slot equal the reference`() throws {
        let cases = try cases()
        #expect(!cases.isEmpty)
        for one in cases {
            let layout = try #require(
                HistogramLayout(
                    lowestDiscernible: 1, highestTrackable: UInt64(Int64.max) / 2,
                    significantDigits: one.input.digits))
            let range = layout.range(ofSlot: layout.slot(of: one.input.value))
            #expect(range == one.output.lowest...one.output.highest, "\(one.id)")
        }
    }

    @Test func `slots follow each other without a gap and hold their own values`() throws {
        for digits in 1...3 {
            let layout = try #require(
                HistogramLayout(
                    lowestDiscernible: 1, highestTrackable: 1 << 40, significantDigits: digits))
            var next: UInt64 = 0
            for slot in 0..<layout.slotCount {
                let range = layout.range(ofSlot: slot)
                #expect(range.lowerBound == next)
                #expect(layout.slot(of: range.lowerBound) == slot)
                #expect(layout.slot(of: range.upperBound) == slot)
                let width = Double(range.upperBound - range.lowerBound)
                let error = (1...digits).reduce(Double(range.upperBound)) { value, _ in value / 10 }
                #expect(width <= error, "\(digits) digits: \(range)")
                next = range.upperBound + 1
            }
        }
    }
}
