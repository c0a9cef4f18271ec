import Testing

@testable import JSON

@Suite struct JSONPathTests {
    @Test(
        arguments: [
            ("$", [], "$"), ("$.a", [.name("a")], "$.a"),
            ("$.a.b_1", [.name("a"), .name("b_1")], "$.a.b_1"),
            ("$.a[0][12]", [.name("a"), .index(0), .index(12)], "$.a[0][12]"),
            ("$['a b']", [.name("a b")], "$['a b']"),
            ("$[\"x.y\"].z", [.name("x.y"), .name("z")], "$['x.y'].z"),
            ("$.a-b", [.name("a-b")], "$['a-b']"),
            ("$['a]b'][0]", [.name("a]b"), .index(0)], "$['a]b'][0]"),
            ("$. ]'\"\\", [.name(" ]'\"\\")], #"$[' ]\'"\\']"#),
            (#"$["it's \"\\"]"#, [.name(#"it's "\"#)], #"$['it\'s "\\']"#),
            ("$['\u{301}a\u{301}']", [.name("\u{301}a\u{301}")], "$['\u{301}a\u{301}']"),
        ] as [(String, [JSONPath.Part], String)])
    func `a path is read, and written so that it is read again`(
        text: String, parts: [JSONPath.Part], written: String
    ) throws {
        let path = try JSONPath(parsing: text)
        #expect(path.parts == parts)
        #expect(path.description == written)
        #expect(try JSONPath(parsing: written) == path)
    }

    @Test(arguments: [
        ("", 1, "a JSON path begins with $"), ("a", 1, "a JSON path begins with $"),
        ("$.", 2, "a name must follow the point"), ("$..a", 2, "a name must follow the point"),
        ("$.a[x]", 4, "an index or a quoted name must stand in the brackets"),
        ("$[-1]", 2, "an index or a quoted name must stand in the brackets"),
        ("$['']", 2, "an index or a quoted name must stand in the brackets"),
        ("$['a\"]", 2, "an index or a quoted name must stand in the brackets"),
        ("$[1", 2, "an index or a quoted name must stand in the brackets"),
        ("$['a", 2, "an index or a quoted name must stand in the brackets"),
        ("$['a'x]", 2, "an index or a quoted name must stand in the brackets"),
        ("$[1]a", 5, "only .name, [index] and ['name'] can follow"),
        ("$a", 2, "only .name, [index] and ['name'] can follow"),
    ])
    func `what is no path says the column and what is allowed`(
        text: String, column: Int, message: String
    ) {
        do {
            let path = try JSONPath(parsing: text)
            Issue.record("\(path)")
        } catch {
            #expect(error.line == 1 && error.column == column)
            #expect(error.message == message)
        }
    }

    @Test(
        arguments: [
            ("$", #"{"a":[{"b":1}]}"#), ("$.a", #"[{"b":1}]"#), ("$.a[0]", #"{"b":1}"#),
            ("$.a[0].b", "1"), ("$.a[1]", nil), ("$.b", nil), ("$.a.b", nil), ("$[0]", nil),
            ("$.a[0].b.c", nil),
        ] as [(String, String?)])
    func `a path leads to its value, or to none`(path: String, found: String?) throws {
        let root = try JSONValue(parsing: #"{"a":[{"b":1}]}"#.utf8)
        #expect(try JSONPath(parsing: path).value(in: root)?.text == found)
    }

    @Test func `an error without a place is its message alone`() {
        #expect(JSONError(message: "no").description == "no")
        #expect(JSONError(message: "no", line: 2, column: 3).description == "line 2, column 3: no")
    }
}
