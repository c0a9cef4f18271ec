import Testing

@testable import JSON

@Suite struct JSONTextTests {
    @Test(
        arguments: [
            (.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.integer(-5), "-5"),
            (.number(0.1), "0.1"), (.number(1), "1.0"), (.number(1e300), "1e+300"),
            (.string("a\"\\\n\t\r\u{1}\u{7F}é/"), #""a\"\\\n\t\u000d\u0001"# + "\u{7F}é/\""),
            (.array([]), "[]"), (.array([.integer(1), .null]), "[1,null]"), (.object([]), "{}"),
            (.object([.init("b", .integer(1)), .init("a\"", .array([]))]), #"{"b":1,"a\"":[]}"#),
        ] as [(JSONValue, String)])
    func `a value is written as compact JSON, and read back as the same value`(
        value: JSONValue, text: String
    ) throws {
        #expect(value.text == text)
        #expect(try JSONValue(parsing: value.text.utf8) == value)
        #expect(try JSONValue(parsing: value.prettyText.utf8) == value)
    }

    @Test func `pretty text has a line for each member and element`() {
        let value = JSONValue.object([
            .init("a", .array([.integer(1), .integer(2)])), .init("b", .object([])),
        ])
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {}
                }

                """)
    }

    @Test func `every accessor gives its own kind and nothing else`() {
        let values: [JSONValue] = [
            .null, .bool(true), .integer(3), .number(2.5), .string("x"), .array([.null]),
            .object([.init("n", .null)]),
        ]
        #expect(values.map { $0.bool } == [nil, true, nil, nil, nil, nil, nil])
        #expect(values.map { $0.integer } == [nil, nil, 3, nil, nil, nil, nil])
        #expect(values.map { $0.double } == [nil, nil, 3, 2.5, nil, nil, nil])
        #expect(values.map { $0.string } == [nil, nil, nil, nil, "x", nil, nil])
        #expect(values.map { $0.array?.count } == [nil, nil, nil, nil, nil, 1, nil])
        #expect(values.map { $0.object?.count } == [nil, nil, nil, nil, nil, nil, 1])
        #expect(values.map { $0["n"] } == [nil, nil, nil, nil, nil, nil, .null])
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func `a figure that is not finite is not known`(value: Double) {
        #expect(JSONValue.number(value).text == "null")
    }
}
