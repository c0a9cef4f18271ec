import Testing

@testable import JSON

@Suite struct JSONNumeralTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    @Test(arguments: [
        ("1", "1.0"), ("100", "1e2"), ("-0", "0"), ("-0.0e5", "0e-7"), ("0.10", "1e-1"),
        ("18446744073709551615", "1.8446744073709551615E19"), ("1e400", "10e399"),
        ("123456789012345678901234567890", "12345678901234567890123456789e1"),
        ("0.000001", "1e-6"), ("-5e3", "-5000"), ("1e999999999999", "0.1e1000000000000"),
    ])
    func `numbers with the same value are equal`(one: String, other: String) throws {
        #expect(try value(one) == value(other))
        #expect(try value(other) == value(one))
        #expect(try value(one).isBelow(value(other)) == false)
    }

    @Test(arguments: [
        ("9007199254740992", "9007199254740993"), ("9007199254740992.0", "9007199254740993"),
        ("0.1", "0.1000000000000000055511151231257827"), ("1e400", "1.0000001e400"),
        ("18446744073709551614", "18446744073709551615"), ("-1e400", "1"), ("1e-400", "1e-399"),
        ("0", "1e-400"), ("-1e-400", "0"), ("-2", "-1"), ("1.5", "1.50000000000000000001"),
        ("1e400", "1e99999999999999999999"), ("1e-99999999999999999999", "1e-400"),
        ("-1e99999999999999999999", "1e-99999999999999999999"),
    ])
    func `a number is below another, whatever Double makes of them`(
        less: String, more: String
    ) throws {
        let (less, more) = (try value(less), try value(more))
        #expect(less.isBelow(more) == true && more.isBelow(less) == false)
        #expect(less != more)
    }

    @Test func `what cannot be reckoned with is equal to nothing but its own spelling`() throws {
        let (one, other) = ("1e99999999999999999999", "1e99999999999999999998")
        #expect(try value(one) == value(one) && value(one) != value(other))
        #expect(try value(one).isBelow(value(other)) == false)
        #expect(try value(one).double == nil && value("1e400").double == nil)
        #expect(try value("1").isBelow(value("true")) == nil)
    }

    @Test func `a calculated number is the decimal that it is written as`() throws {
        #expect(try JSONValue.number(0.1) == value("0.10"))
        #expect(try JSONValue.number(1e300) == value("1e300"))
        #expect(try JSONValue.number(.infinity) != value("1e400"))
        #expect(JSONValue.number(.nan).numeral == nil && JSONNumeral(-1.5)?.text == "-1.5")
    }

    @Test(arguments: [
        ("1", true), ("1.0", true), ("1.5", false), ("15e-1", false), ("10e-1", true),
        ("0.000", true), ("1e400", true), ("1e-99999999999999999999", false),
        ("1e99999999999999999999", true),
    ])
    func `a number without a fraction is whole`(text: String, isWhole: Bool) throws {
        #expect(JSONNumeral(text)?.isWhole == isWhole)
    }

    @Test func `texts that look alike are two keys`() {
        #expect(!"\u{E9}".isExactly("e\u{301}") && !"K".isExactly("\u{212A}"))
        #expect(Set(["\u{E9}", "e\u{301}", "e\u{301}"].map { ExactText($0) }).count == 2)
    }
}
