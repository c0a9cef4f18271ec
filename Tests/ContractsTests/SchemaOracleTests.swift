import Foundation
import JSON
import Testing

@testable import Contracts

/// Schemas and values that other implementations have judged: `Scripts/oracles/schemas.py`.
@Suite struct SchemaOracleTests {
    private static let cases = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Oracles/schemas.json"))
        return try JSONValue(parsing: data)["cases"]?.array ?? []
    }

    @Test func `a value fits a schema where other implementations say so`() throws {
        let cases = try Self.cases.get()
        #expect(cases.count >= 1000)
        for (index, one) in cases.enumerated() {
            let root = try #require(one["document"])
            let document = Document(file: "oracle", root: root)
            let schema = try Schema.compile(
                try #require(one["schema"]), in: document, at: "\(index)")
            try document.finish()
            let problem = schema.problem(with: try #require(one["value"]))
            #expect(document.unchecked.isEmpty, "\(one)")
            #expect(
                (problem == nil) == one["fits"]?.bool, "\(index): \(problem ?? "fits"); \(one.text)"
            )
        }
    }
}
