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
        ("", 1, "unexpected token near end of file"), ("[1,]", 1, "unexpected token near ']'"),
        ("{\"a\":1}\n{", 2, "end of file expected near '{'"),
        ("nul", 1, "invalid token near 'nul'"),
        ("{\n\"a\":1,\n\"a\":2}", 3, "duplicate object key near '\"a\"'"),
        ("[{\"x\":{\"a\":1,\"a\":1}}]", 1, "duplicate object key"),
        ("{\"a\":1,\"\\u0061\":2}", 1, "duplicate object key"),
        ("9223372036854775808", 1, "too big integer"), ("1e999", 1, "real number overflow"),
        ("01", 1, "invalid token"), ("+1", 1, "invalid token"), ("NaN", 1, "invalid token"),
        ("'a'", 1, "invalid token"), ("\"a\tb\"", 1, "control character 0x9"),
        ("\"\\ud800\"", 1, "invalid Unicode"), ("\"\\x\"", 1, "invalid escape"),
        ("{\"\\u0000\":1}", 1, "NUL byte in object key"), ("[1 // one\n]", 1, "near '/'"),
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
