import Foundation
import Testing

@testable import JSON

/// Texts and numbers that another implementation has judged: `Scripts/oracles/json_texts.py`.
@Suite struct JSONOracleTests {
    private struct Oracle: Decodable {
        struct Text: Decodable {
            let text: String
            /// The same value, its numbers in another spelling; `nil` for what is no JSON.
            let value: String?
        }

        /// A number, another one, and -1, 0 or 1.
        struct Pair: Decodable {
            let one: String
            let other: String
            let order: Int

            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                one = try list.decode(String.self)
                other = try list.decode(String.self)
                order = try list.decode(Int.self)
            }
        }

        let texts: [Text]
        let order: [Pair]
    }

    private static let oracle = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Oracles/json_texts.json"))
        return try JSONDecoder().decode(Oracle.self, from: data)
    }

    @Test func `a text is JSON, and what it says, as another reader has it`() throws {
        let texts = try Self.oracle.get().texts
        #expect(texts.count > 1000)
        for text in texts {
            let value = try? JSONValue(parsing: text.text.utf8)
            let wanted = try text.value.map { try JSONValue(parsing: $0.utf8) }
            #expect(value == wanted, "\(text)")
        }
    }

    @Test func `numbers stand in the order that another reader has them in`() throws {
        for pair in try Self.oracle.get().order {
            let (one, other) = (
                try JSONValue(parsing: pair.one.utf8), try JSONValue(parsing: pair.other.utf8)
            )
            #expect((one == other) == (pair.order == 0), "\(pair)")
            #expect(one.isBelow(other) == (pair.order < 0), "\(pair)")
            #expect(other.isBelow(one) == (pair.order > 0), "\(pair)")
        }
    }
}
