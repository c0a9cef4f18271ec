import JSON
import Testing

@testable import Contracts

@Suite struct SchemaTests {
    private func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    private func compile(
        _ schema: String, root: String = "{}"
    ) throws -> (schema: Schema, unchecked: [String]) {
        let document = Document(file: "api.yaml", root: try json(root))
        let schema = try Schema.compile(try json(schema), in: document, at: "a")
        try document.finish()
        return (schema, document.unchecked)
    }

    private static let old = #"{"openapi":"3.0.3","d":{"type":"string"}}"#

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
            (#"{"minLength":2}"#, #""a""#, "$ has 1 characters, not 2 or more"),
            (#"{"maxLength":2}"#, #""é😀""#, nil),
            (#"{"maxLength":2}"#, #""abc""#, "$ has 3 characters, not 2 at most"),
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
            (
                #"{"minLength":3,"maxLength":2}"#, #""ab""#, "$ has 2 characters, not 3 to 2"
            ),
            (#"{"minimum":3,"maximum":2}"#, "2.5", "$ is 2.5, below 3"),
            ("false", "1", "$ may not be there"),
            (#"{"not":{"type":"string"}}"#, #""x""#, "$ fits what it may not be"),
            (#"{"not":{"type":"string"}}"#, "1", nil),
            (#"{"exclusiveMinimum":1}"#, "1", "$ is 1, not above 1"),
            (#"{"exclusiveMaximum":2}"#, "2.0", "$ is 2.0, not below 2"),
            (#"{"exclusiveMinimum":1,"exclusiveMaximum":2}"#, "1.5", nil),
            (#"{"minimum":1,"exclusiveMinimum":true}"#, "1", "$ is 1, not above 1"),
            (#"{"multipleOf":0.01}"#, "19.99", nil),
            (#"{"multipleOf":0.01}"#, "19.999", "$ is 19.999, no multiple of 0.01"),
            (#"{"multipleOf":3}"#, "3e40", nil),
            (#"{"multipleOf":7}"#, "1e40", "$ is 1e40, no multiple of 7"),
            (#"{"multipleOf":7}"#, "-21.0", nil), (#"{"multipleOf":7}"#, "0", nil),
            (#"{"minItems":2}"#, "[1]", "$ has 1 elements, not 2 or more"),
            (#"{"maxItems":1}"#, "[1,2]", "$ has 2 elements, not 1 at most"),
            (#"{"uniqueItems":true}"#, "[1,2,1.0]", "$[2] is there twice"),
            (#"{"uniqueItems":true}"#, #"[1,"1",true,{"a":1}]"#, nil),
            (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a"]"#, nil),
            (
                #"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a",1]"#,
                "$[1] may not be there"
            ),
            (#"{"minProperties":1}"#, "{}", "$ has 0 members, not 1 or more"),
            (#"{"additionalProperties":false}"#, #"{"a":1}"#, "$.a may not be there"),
            (
                #"{"properties":{"a":{}},"patternProperties":{"^x":{}},"#
                    + #""additionalProperties":{"type":"integer"}}"#,
                #"{"a":"s","x1":"s","b":2}"#, nil
            ),
            (
                #"{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}"#,
                #"{"a":"s","b":"s"}"#, "$.b is not of type integer"
            ),
            (
                #"{"patternProperties":{"^x":{"type":"integer"}}}"#, #"{"x1":"s"}"#,
                "$.x1 is not of type integer"
            ),
            (
                #"{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}}"#, "1",
                "$ is 1, below 2"
            ),
            (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#, "$ has no b"),
            (#"{"dependentRequired":{"a":["b"]}}"#, #"{"c":1}"#, nil),
            // Not in an answer, although a request needs it.
            (#"{"required":["p"],"properties":{"p":{"writeOnly":true}}}"#, "{}", nil),
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
        let (schema, unchecked) = try compile(schema)
        #expect(unchecked.isEmpty)
        let found = schema.problem(with: try json(value))
        if let problem {
            #expect(found?.hasPrefix(problem) == true, "\(found ?? "no problem")")
        } else {
            #expect(found == nil)
        }
    }

    @Test func `a reference is followed, with its escapes`() throws {
        let root =
            ##"{"components":{"a/b~c":{"$ref":"#/components/d"},"d":{"type":"string"}}}"##
        for reference in ["#/components/a~1b~0c", "#/components/a%2Fb~0c"] {
            let schema = try compile(#"{"$ref":"\#(reference)"}"#, root: root).schema
            #expect(schema.problem(with: .integer(1)) == "$ is not of type string")
            #expect(schema.problem(with: .string("x")) == nil)
        }
    }

    @Test func `what stands beside a reference is checked since 3.1`() throws {
        let text = ##"{"$ref":"#/d","minLength":2}"##
        let new = try compile(text, root: #"{"openapi":"3.1.0","d":{"type":"string"}}"#).schema
        #expect(new.problem(with: .string("x")) != nil)
        #expect(new.problem(with: .integer(12)) != nil)
        #expect(try compile(text, root: Self.old).schema.problem(with: .string("x")) == nil)
    }

    @Test func `nullable lets null pass, in 3.0 alone`() throws {
        let text = ##"{"nullable":true,"allOf":[{"$ref":"#/d"}]}"##
        let old = try compile(text, root: Self.old).schema
        #expect(old.problem(with: .null) == nil)
        #expect(old.problem(with: .string("x")) == nil)
        #expect(old.problem(with: .integer(1)) != nil)
        let root = #"{"openapi":"3.1.0","d":{"type":"string"}}"#
        #expect(try compile(text, root: root).schema.problem(with: .null) != nil)
    }

    @Test func `a schema that refers to itself is checked at every level`() throws {
        let root =
            ##"{"n":{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},"##
            + ##""next":{"$ref":"#/n"},"all":{"items":{"$ref":"#/n"}}}}}"##
        let (schema, unchecked) = try compile(##"{"$ref":"#/n"}"##, root: root)
        #expect(unchecked.isEmpty)
        #expect(schema.problem(with: try json(#"{"v":1,"next":{"v":2}}"#)) == nil)
        #expect(
            schema.problem(with: try json(#"{"v":1,"next":{"v":2,"all":[{"v":3},{"v":"x"}]}}"#))
                == "$.next.all[1].v is not of type integer")
        let deep = String(repeating: #"{"v":1,"next":"#, count: 900) + "1"
        let problem = schema.problem(
            with: try json(deep + String(repeating: "}", count: 900)))
        #expect(problem?.contains("takes more than 1000 levels") == true)
    }

    @Test func `the member of a discriminator says which schema is meant`() throws {
        let root =
            ##"{"openapi":"3.0.0","components":{"schemas":{"Cat":{"required":["lives"]},"##
            + ##""Dog":{"required":["kind"]}}}}"##
        let (schema, _) = try compile(
            ##"{"oneOf":[{"$ref":"#/components/schemas/Cat"},"##
                + ##"{"$ref":"#/components/schemas/Dog"}],"##
                + ##""discriminator":{"propertyName":"kind","mapping":{"cat":"Cat"}}}"##,
            root: root)
        // It fits both, and says that it is a cat.
        #expect(schema.problem(with: try json(#"{"kind":"cat","lives":9}"#)) == nil)
        #expect(schema.problem(with: try json(#"{"kind":"cat"}"#)) == "$ has no lives")
        #expect(schema.problem(with: try json(#"{"kind":"Dog"}"#)) == nil)
        #expect(
            schema.problem(with: try json(#"{"kind":"cow","lives":9}"#))
                == "$ fits 2 of the allowed forms, not one")
    }

    @Test(arguments: [
        (##"{"$ref":"#/none"}"##, "#/none: it refers to nothing"),
        (#"{"$ref":"other.yaml#/a"}"#, "other.yaml#/a: what is in another file"),
        (##"{"$ref":"#/loop"}"##, "#/loop: it refers to itself"),
        (##"{"$ref":"#/round"}"##, "#/round: it refers to itself without an end"),
        (##"{"items":{"properties":{"x":{"$ref":"#/none"}}}}"##, "#/none: it refers to nothing"),
        (#"{"pattern":"("}"#, "a: pattern \"(\" is no regular expression"),
        (#"{"minItems":-1}"#, "a: minItems is -1, no whole number"),
        (#"{"minimum":"3"}"#, "a: minimum is \"3\", no number"),
        (#"{"anyOf":[{"pattern":"["}]}"#, "a/anyOf/0: pattern \"[\" is no regular expression"),
        (#"{"contains":{}}"#, "a: contains is not checked"),
    ])
    func `what cannot be checked is named once and lets every value pass`(
        schema: String, note: String
    ) throws {
        let root = ##"{"loop":{"$ref":"#/loop"},"round":{"allOf":[{"$ref":"#/round"},{}]}}"##
        let (compiled, unchecked) = try compile(schema, root: root)
        #expect(unchecked.count == 1 && unchecked[0].hasPrefix(note), "\(unchecked)")
        #expect(compiled.problem(with: try json("[1]")) == nil)
    }

    @Test(arguments: [
        #"{"not":{"contains":{}}}"#, #"{"oneOf":[{"contains":{}},{}]}"#,
        #"{"if":{"contains":{}},"then":false}"#, #"{"oneOf":[{"contains":{}},false]}"#,
        ##"{"not":{"properties":{"a":{"$ref":"#/none"}}}}"##,
    ])
    func `nothing is wrong that hangs on what cannot be checked`(schema: String) throws {
        let compiled = try compile(schema).schema
        #expect(compiled.problem(with: try json(#"{"a":1}"#)) == nil)
    }

    @Test func `a check that would take for ever ends`() throws {
        let levels = (0..<40).map {
            "\"l\($0)\":{\"allOf\":[{\"$ref\":\"#/l\($0 + 1)\"},{\"$ref\":\"#/l\($0 + 1)\"}]}"
        }
        let root = "{\(levels.joined(separator: ",")),\"l40\":{}}"
        let (schema, _) = try compile(##"{"$ref":"#/l0"}"##, root: root)
        var check = SchemaCheck(maximumSteps: 10_000)
        let problem = check.problem(schema, .integer(1), at: "$")
        #expect(problem?.contains("takes more than 1000 levels or 10000 steps") == true)
    }
}
