import JSON
import Testing

@testable import Contracts

@Suite struct SchemaTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    private func compile(_ schema: String, root: String = "{}") throws -> Schema {
        try Schema.compile(
            try json(schema), in: Document(file: "api.yaml", root: try json(root)))
    }

    @Test(
        arguments: [
            ("{}", "1", nil), ("true", "[]", nil),
            (#"{"type":"integer"}"#, "1", nil), (#"{"type":"integer"}"#, "1.0", nil),
            (#"{"type":"integer"}"#, "1.5", "$ is not of type integer"),
            (#"{"type":"number"}"#, "1", nil), (#"{"type":["string","null"]}"#, "null", nil),
            (#"{"type":["string","null"]}"#, "1", "$ is not of type string or null"),
            (#"{"type":"boolean"}"#, "0", "$ is not of type boolean"),
            (#"{"const":"pong"}"#, #""ping""#, #"$ is not one of "pong""#),
            (#"{"const":{"a":1,"b":2}}"#, #"{"b":2,"a":1.0}"#, nil),
            (#"{"enum":["a",1]}"#, "1", nil),
            (#"{"enum":["a",1]}"#, "2", #"$ is not one of "a", 1"#),
            (#"{"required":["a"]}"#, "{}", "$ has no a"), (#"{"required":["a"]}"#, "[]", nil),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1}"#, "$.a is not of type string"),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, nil),
            (#"{"items":{"type":"string"}}"#, #"["x",1]"#, "$[1] is not of type string"),
            (#"{"items":{"type":"string"}}"#, #""x""#, nil),
            (#"{"minLength":2}"#, #""a""#, "$ has 1 characters, not 2 to 9223372036854775807"),
            (#"{"maxLength":2}"#, #""é😀""#, nil),
            (#"{"maxLength":2}"#, #""abc""#, "$ has 3 characters, not 0 to 2"),
            (#"{"pattern":"^a"}"#, #""b""#, "$ does not match ^a"),
            (#"{"pattern":"^a"}"#, "1", nil),
            (#"{"minimum":1,"maximum":3}"#, "3", nil),
            (#"{"minimum":1,"maximum":3}"#, "3.5", "$ is 3.5, above 3"),
            (#"{"minimum":1}"#, "0", "$ is 0, below 1"),
            (#"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, "null", nil),
            (
                #"{"anyOf":[{"type":"null"},{"type":"string"}]}"#, "1",
                "$ fits none of the allowed forms"
            ),
            (
                #"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, "3",
                "$ fits 2 of the allowed forms"
            ),
            (#"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, "1.5", nil),
            (#"{"oneOf":[{"type":"integer"}]}"#, "true", "$ fits 0 of the allowed forms"),
            (#"{"allOf":[{"type":"integer"},{"minimum":5}]}"#, "3", "$ is 3, below 5"),
            (#"{"type":"object","required":["a"]}"#, "[]", "$ is not of type object"),
            // Doubles would take these for the same.
            (
                #"{"const":9007199254740993}"#, "9007199254740992",
                "$ is not one of 9007199254740993"
            ),
            (#"{"const":18446744073709551615}"#, "1.8446744073709551615e19", nil),
            (#"{"enum":[0.1]}"#, "0.1000000000000000055", "$ is not one of 0.1"),
            (
                #"{"maximum":9007199254740992}"#, "9007199254740993",
                "$ is 9007199254740993, above 9007199254740992"
            ),
            (#"{"minimum":1e400}"#, "1e401", nil),
            (#"{"minimum":1e400}"#, "1", "$ is 1, below 1e400"),
            (#"{"type":"integer"}"#, "1e400", nil),
            (#"{"type":"integer"}"#, "123e-2", "$ is not of"),
            // One letter, and a letter with an accent behind it.
            ("{\"const\":\"\u{E9}\"}", "\"e\u{301}\"", "$ is not one of"),
            ("{\"required\":[\"\u{E9}\"]}", "{\"e\u{301}\":1}", "$ has no"),
            (
                "{\"properties\":{\"\u{E9}\":{\"type\":\"string\"}}}", "{\"e\u{301}\":1}", nil
            ),
        ] as [(String, String, String?)])
    func `a value fits a schema, or the first problem is said with its place`(
        schema: String, value: String, problem: String?
    ) throws {
        let found = try compile(schema).problem(with: try json(value))
        if let problem {
            #expect(found?.hasPrefix(problem) == true, "\(found ?? "no problem")")
        } else {
            #expect(found == nil)
        }
    }

    @Test func `a reference is followed, with its escapes`() throws {
        let root =
            ##"{"components":{"a/b~c":{"$ref":"#/components/d"},"d":{"type":"string"}}}"##
        let schema = try compile(##"{"$ref":"#/components/a~1b~0c"}"##, root: root)
        #expect(schema.problem(with: .integer(1)) == "$ is not of type string")
        #expect(schema.problem(with: .string("x")) == nil)
    }

    @Test(arguments: [
        (##"{"$ref":"#/none"}"##, "#/none: it refers to nothing"),
        (#"{"$ref":"other.yaml#/a"}"#, "only references within the document are taken"),
        (##"{"$ref":"#/loop"}"##, "a schema refers to itself"),
        (##"{"items":{"properties":{"x":{"$ref":"#/none"}}}}"##, "it refers to nothing"),
        (#"{"pattern":"("}"#, "pattern: \"(\" is not a regular expression"),
        (#"{"minLength":3,"maxLength":2}"#, "minLength is above maxLength"),
        (#"{"minimum":3,"maximum":2}"#, "minimum is above maximum"),
        (#"{"minimum":"3"}"#, "minimum: \"3\" is no number"),
        (#"{"anyOf":[{"pattern":"["}]}"#, "is not a regular expression"),
    ])
    func `a schema that cannot be is an error with its place`(schema: String, reason: String) {
        do {
            let compiled = try compile(schema, root: ##"{"loop":{"$ref":"#/loop"}}"##)
            Issue.record("\(compiled)")
        } catch {
            let text = "\(error)"
            #expect(text.hasPrefix("api.yaml: "))
            #expect(text.contains(reason))
        }
    }

    @Test func `a document that grows without bound where references are written out is refused`() {
        let levels = (0..<40).map {
            "\"l\($0)\":{\"allOf\":[{\"$ref\":\"#/l\($0 + 1)\"},{\"$ref\":\"#/l\($0 + 1)\"}]}"
        }
        let root = "{\(levels.joined(separator: ",")),\"l40\":{}}"
        #expect(throws: ContractError.self) {
            try compile(##"{"$ref":"#/l0"}"##, root: root)
        }
    }
}
