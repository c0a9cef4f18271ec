import JSON
import Testing

@testable import YAML

@Suite struct YAMLParsingTests {
    @Test func `every node knows its line and column`() throws {
        let root = try YAMLNode(parsing: "a: 1\nb:\n  - x\n  - { c: \"y\" }\n", file: "f")
        let entries = try #require(root.entries)
        #expect(entries.map(\.key) == ["a", "b"])
        #expect(entries.map(\.position) == [.init(line: 1, column: 1), .init(line: 2, column: 1)])
        #expect(root["a"]?.position == .init(line: 1, column: 4))
        let list = try #require(root["b"]?.elements)
        #expect(list.map(\.position) == [.init(line: 3, column: 5), .init(line: 4, column: 5)])
        #expect(list[1]["c"]?.position == .init(line: 4, column: 10))
        #expect(list[1]["c"]?.content == .scalar("y", isQuoted: true))
        #expect(root["a"]?.content == .scalar("1", isQuoted: false))
    }

    @Test func `what a node is not is nil`() throws {
        let root = try YAMLNode(parsing: "a: 1", file: "f")
        #expect(root.text == nil && root.elements == nil && root["b"] == nil)
        let scalar = try #require(root["a"])
        #expect(scalar.entries == nil && scalar.elements == nil && scalar["a"] == nil)
        #expect(scalar.text == "1")
    }

    @Test(arguments: [
        ("", "f:1:1: the file is empty"), ("# nothing\n", "f:1:1: the file is empty"),
        ("a: 1\na: 2", "f:2:1: the key \"a\" is given twice"),
        ("x:\n  a: 1\n  'a': 2", "f:3:3: the key \"a\" is given twice"),
        ("a: &x 1\nb: *x", "f:2:4: aliases are not taken; write the value out"),
        ("--- 1\n--- 2", "f:2:1: a second document in the file"),
        ("[a]: 1", "f:1:1: a key must be a text"), ("{a: 1}: 2", "f:1:1: a key must be a text"),
        ("a: [1", "f:2:1: did not find expected ',' or ']'"),
        ("a: b: c", "f:1:5: mapping values are not allowed in this context"),
        ("\ta: 1", "f:1:1: found character that cannot start any token"),
        ("a: \"x", "f:1:6: found unexpected end of stream"),
    ])
    func `what is no document says the place and the reason`(text: String, message: String) {
        do {
            let node = try YAMLNode(parsing: text, file: "f")
            Issue.record("\(node)")
        } catch { #expect(error.description == message) }
    }

    @Test func `a file is bounded in depth and size`() {
        func problem(_ text: String) -> String? {
            do {
                _ = try YAMLNode(parsing: text, file: "f")
                return nil
            } catch { return error.description }
        }
        #expect(
            problem(String(repeating: "[", count: 5000)) == "f:1:101: nested deeper than 100 levels"
        )
        #expect(
            problem(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)) == nil)
        let large = String(repeating: " ", count: (16 << 20) + 1)
        #expect(problem(large) == "f:1:1: the file is larger than 16 MiB")
    }

    @Test(
        arguments: [
            ("1", .integer(1)), ("-7", .integer(-7)), ("1.5", .number(1.5)), (".5", .number(0.5)),
            ("1e3", .number(1000)), ("true", .bool(true)), ("FALSE", .bool(false)), ("null", .null),
            ("~", .null), ("\"1\"", .string("1")), ("'true'", .string("true")), ("''", .string("")),
            ("yes", .string("yes")), ("0x10", .integer(16)), ("0o17", .integer(15)),
            ("0xfffffffffffffffff", .string("0xfffffffffffffffff")), ("0x", .string("0x")),
            ("0x+1", .string("0x+1")), ("1_000", .string("1_000")), (".inf", .string(".inf")),
            ("nan", .string("nan")),
            ("infinity", .string("infinity")), ("1s", .string("1s")),
            ("'-'", .string("-")), ("|\n  1\n", .string("1\n")),
            ("[a, 1]", .array([.string("a"), .integer(1)])),
            ("{b: , a: x}", .object([.init("b", .null), .init("a", .string("x"))])),
        ] as [(String, JSONValue)])
    func `a node is JSON by the core schema`(text: String, json: JSONValue) throws {
        #expect(try YAMLNode(parsing: "x: \(text)\n", file: "f")["x"]?.json == json)
    }

    @Test(arguments: [
        ("18446744073709551615", "18446744073709551615"), ("1.10", "1.10"), ("1e5", "1e5"),
        ("-0", "-0"), ("1e999", "1e999"), ("0.1E+2", "0.1E+2"), ("+5", "5"), ("05", "5"),
        ("-05.50", "-5.50"), (".5", "0.5"), ("-.5e3", "-0.5e3"), ("5.", "5.0"), ("+0", "0"),
        ("0xffffffffffffffff", "18446744073709551615"), ("1.2.3", "\"1.2.3\""), ("1e", "\"1e\""),
        ("-", "\"-\""), (".", "\".\""), ("+-1", "\"+-1\""), ("1 2", "\"1 2\""),
    ])
    func `a number is JSON as it was written`(text: String, json: String) throws {
        #expect(try YAMLNode(parsing: "[\(text)]", file: "f").json.text == "[\(json)]")
    }

    @Test func `keys that only look alike are two, and many keys are no more work for each`() throws
    {
        let keys = (0..<200_000).map { "k\($0): 1\n" }.joined()
        let root = try YAMLNode(parsing: "\u{E9}: 1\ne\u{301}: 2\n\(keys)", file: "f")
        #expect(root.entries?.count == 200_002)
    }
}
