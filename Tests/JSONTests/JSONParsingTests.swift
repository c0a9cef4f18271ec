import Testing

@testable import JSON

@Suite struct JSONParsingTests {
    private func problem(_ text: String, maximumDepth: Int = 64) -> String {
        do {
            _ = try JSONValue(parsing: text.utf8, maximumDepth: maximumDepth)
            return ""
        } catch { return error.description }
    }

    @Test(
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("-0", .integer(0)),
            ("9223372036854775807", .integer(.max)), ("1.5e3", .number(1500)), ("1e0", .number(1)),
            (#""a\u00e9\n""#, .string("aé\n")), (#""\ud83d\ude00""#, .string("😀")),
            (#""\u0000""#, .string("\u{0}")), ("[]", .array([])), ("{}", .object([])),
            (
                #"{"b":1,"a":[2]}"#,
                .object([.init("b", .integer(1)), .init("a", .array([.integer(2)]))])
            ),
        ] as [(String, JSONValue)])
    func `a text is the value that it says, members in their order`(
        text: String, value: JSONValue
    ) throws {
        #expect(try JSONValue(parsing: text.utf8) == value)
    }

    @Test(arguments: [
        ("", 1, "a value is expected, not the end"), ("[1,]", 1, "a value is expected, not ]"),
        ("{\"a\":1}\n{", 2, "nothing may follow"), ("nul", 1, "a value is expected, not n"),
        ("01", 1, "does not begin with a 0"), ("+1", 1, "a value is expected, not +"),
        ("NaN", 1, "a value is expected"), ("'a'", 1, "a value is expected, not '"),
        ("\"a\tb\"", 1, "a control character"), ("\"\\n\u{1}\"", 1, "a control character"),
        ("\"\\x\"", 1, "no such escape"), ("\"\\u12g4\"", 1, "four hexadecimal digits"),
        ("[1 // one\n]", 1, "a comma or ] is expected, not /"),
        ("{\n\"a\" 1}", 2, "a colon is expected, not 1"), ("{a:1}", 1, "a name is expected, not a"),
        ("{\"a\":1,}", 1, "a name is expected, not }"),
        ("[1", 1, "a comma or ] is expected, not the end"),
        ("-", 1, "a digit is expected"), ("1.", 1, "a digit is expected"), ("1e+", 1, "a digit is"),
        ("[\u{FEFF}1]", 1, "a value is expected, not the byte 0xef"), ("\"a", 1, "no end"),
        ("\"\\", 1, "no end"),
    ])
    func `what is no JSON says where and why`(text: String, line: Int, reason: String) {
        do {
            let value = try JSONValue(parsing: text.utf8)
            Issue.record("\(value)")
        } catch {
            #expect(error.line == line && error.column >= 0)
            #expect(error.message.contains(reason), "\(error)")
            #expect(error.description.hasPrefix("line \(line), column \(error.column): "))
        }
    }

    @Test(
        arguments: [
            ("18446744073709551615", "18446744073709551615"), ("-9223372036854775809", nil),
            ("1e400", nil), ("-0", nil), ("1.10", nil), ("1E-5", nil), ("9223372036854775807", nil),
            ("-9223372036854775808", nil), (String(repeating: "9", count: 400), nil),
            ("1e99999999999999999999", nil),
            ("{\"a\":1,\"b\":2,\"\\u0061\":3}", "{\"a\":3,\"b\":2}"),
            ("\"\\ud800\"", "\"\u{FFFD}\""), ("\"\\ud800\\u0041\"", "\"\u{FFFD}A\""),
            ("\"\\udc00\\ud83d\\ude00\"", "\"\u{FFFD}😀\""), ("{\"\\u0000\":1}", nil),
            (String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000), nil),
        ] as [(String, String?)])
    func `what is valid is taken, and numbers stay as they are spelled`(
        text: String, written: String?
    ) throws {
        #expect(try JSONValue(parsing: text.utf8).text == written ?? text)
    }

    @Test func `of many members with one name the last counts, in the place of the first`() throws {
        let members = (0..<100).map { "\"m\($0 % 50)\":\($0)" }.joined(separator: ",")
        let value = try JSONValue(parsing: "{\(members)}".utf8)
        #expect(value.object?.map(\.name) == (0..<50).map { "m\($0)" })
        #expect(value["m7"] == .integer(57))
    }

    @Test(arguments: [
        ("{\n\"a\":1,\n\"\\u0061\":2}", 3, "a name twice"),
        ("9223372036854775808", 1, "out of range"),
        ("[18446744073709551616]", 1, "out of range"), ("1e999", 1, "out of range"),
        ("\"\\ud800\"", 1, "half of a surrogate pair"), ("{\"\\u0000\":1}", 1, "a NUL"),
    ])
    func `the strict rules refuse what two programs may understand in two ways`(
        text: String, line: Int, reason: String
    ) throws {
        _ = try JSONValue(parsing: text.utf8)
        do {
            let value = try JSONValue(parsing: text.utf8, rules: .strict)
            Issue.record("\(value)")
        } catch { #expect(error.line == line && error.message.contains(reason), "\(error)") }
        #expect(throws: Never.self) {
            try JSONValue(parsing: "[-0,1e308,{\"a\":1,\"b\":1}]".utf8, rules: .strict)
        }
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")])
        }
        // An overlong form of "/", a surrogate, and a beginning without its end.
        for bytes: [UInt8] in [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        }
    }

    @Test func `a text that is nested too deep is refused at its place, without recursion`() {
        let deep = "[\n" + String(repeating: "[", count: 100_000)
        #expect(problem(deep, maximumDepth: 3) == "line 2, column 3: nested deeper than 3 levels")
        #expect(problem("[[[1]]]", maximumDepth: 3) == "")
        #expect(problem(#"["[[[[", "\"[[[["]"#, maximumDepth: 1) == "")
        #expect(
            problem(#"{"a":{"b":{}}}"#, maximumDepth: 2).hasSuffix("nested deeper than 2 levels"))
    }

    @Test func `names that only look alike are two members`() throws {
        // U+00E9 and U+0065 U+0301 are canonically equivalent, and different names in JSON.
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)
        #expect(value.object?.count == 2)
        #expect(value["\u{E9}"] == .integer(1))
        #expect(value["e\u{301}"] == .integer(2))
    }

    @Test func `an object is the same in any order of its members, an array is not`() throws {
        func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }
        #expect(try value(#"{"a":1,"b":{"c":2,"d":3}}"#) == value(#"{"b":{"d":3,"c":2},"a":1}"#))
        #expect(try value(#"{"a":1}"#) != value(#"{"a":1,"b":2}"#))
        #expect(try value(#"{"a":1,"b":2}"#) != value(#"{"a":1,"c":2}"#))
        #expect(try value("[1,2]") != value("[2,1]"))
        #expect(try value("1") == value("1.0"))
        #expect(try value("1") != value("\"1\""))
        #expect(try value("0") != value("false"))
        #expect(try value("9007199254740993") != value("9007199254740992.0"))
    }
}
