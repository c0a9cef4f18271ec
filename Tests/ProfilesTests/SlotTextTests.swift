import Testing

@testable import Profiles

@Suite struct SlotTextTests {
    @Test(
        arguments: [
            ("", []), ("plain $ {x}", [.text("plain $ {x}")]),
            ("a${x}b", [.text("a"), .slot(.variable("x")), .text("b")]),
            ("${uuid}${iteration}${user}", [.slot(.uuid), .slot(.iteration), .slot(.user)]),
            ("${int( -3, 5 )}", [.slot(.integer(-3...5))]),
            ("${string(12)}", [.slot(.string(12))]),
            (
                "${timestamp}${timestamp_ms}${iso}",
                [.slot(.timestamp), .slot(.timestampMilliseconds), .slot(.iso)]
            ),
            ("${env:HOME}", [.slot(.environment("HOME"))]),
            ("${users.name}", [.slot(.column(feed: "users", column: "name"))]),
            ("a$${x}b${y}", [.text("a${x}b"), .slot(.variable("y"))]),
            ("$$${x}", [.text("$${x}")]),
        ] as [(String, [SlotText.Part])])
    func `a text is taken apart at its slots`(text: String, parts: [SlotText.Part]) throws {
        #expect(try SlotText(parsing: text).parts == parts)
    }

    @Test func `one slot alone in a JSON body can go without quotes`() throws {
        let text = try SlotText(parsing: "${n|json}", isJSON: true)
        #expect(text.isUnquoted && text.parts == [.slot(.variable("n"))])
        #expect(try !SlotText(parsing: "${n}", isJSON: true).isUnquoted)
    }

    @Test(arguments: [
        "${", "${x", "${int(1)}", "${int(2,1)}", "${int(a,b)}", "${string(-1)}",
        "${string(99999999)}", "${random(1)}", "${n|json}",
    ])
    func `what is no slot is refused`(text: String) {
        #expect(throws: SlotText.Problem.self) { try SlotText(parsing: text) }
    }
}
