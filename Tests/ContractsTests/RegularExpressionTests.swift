import Testing

@testable import Contracts

@Suite struct RegularExpressionTests {
    private func first(_ expression: String, in text: String) throws -> String? {
        let expression = try RegularExpression(expression)
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { expression.firstMatch(in: $0) }.map {
            String(decoding: bytes[$0], as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("id=([0-9]+)", "a id=42; id=43", "42"), (#"id=\d+"#, "id=42", "id=42"),
        ("ü+", "xüüy", "üü"), ("^b$", "b", "b"), ("(a)|b", "b", nil), ("x", "y", nil),
        ("x", "", nil),
        ("()", "", ""),
    ])
    func `the first group of the first match is found, or the whole match`(
        expression: String, text: String, wanted: String?
    ) throws {
        #expect(try first(expression, in: text) == wanted)
    }

    @Test func `bytes that are no UTF-8 are passed over`() throws {
        let bytes: [UInt8] = [0xFF, 0xFE] + Array("id=7".utf8) + [0xC3]
        let expression = try RegularExpression("id=(.)")
        #expect(bytes.withUnsafeBufferPointer { expression.firstMatch(in: $0) } == 5..<6)
    }

    @Test(arguments: ["(", "[", "a{2,1}", "*", #"\"#])
    func `what is no expression is refused with its column`(text: String) {
        #expect { try RegularExpression(text) } throws: { error in
            (error as? ContractError)?.place.hasPrefix("column") ?? false
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `an expression that would take for ever ends without a match`() throws {
        let text = String(repeating: "a", count: 5000) + "!"
        let expression = try RegularExpression("(a+)+$")
        #expect(Array(text.utf8).withUnsafeBufferPointer { !expression.matches($0) })
    }
}
