import Testing

@testable import Exchanges
@testable import Generator

@Suite struct HeaderFieldsTests {
    private func fields(_ parts: [(names: [String], values: [String])]) -> HeaderFields {
        var fields = HeaderFields()
        for part in parts {
            for name in part.names {
                Array(name.utf8).withUnsafeBytes { fields.appendName($0) }
            }
            for value in part.values {
                Array(value.utf8).withUnsafeBytes { fields.appendValue($0) }
            }
            fields.endField()
        }
        return fields
    }

    private func value(_ fields: HeaderFields, _ name: String) -> String? {
        fields.firstIndex(of: Array(name.utf8)).map {
            String(decoding: fields.value(at: $0), as: UTF8.self)
        }
    }

    @Test func `names and values that come in parts are put together, names in lower case`() {
        let fields = fields([
            (["X-To", "KEN"], ["ab", "c \t"]), (["Empty"], []), (["Set-Cookie"], ["a=1"]),
            (["set-cookie"], ["b=2"]),
        ])
        #expect(fields.count == 4)
        #expect(value(fields, "x-token") == "abc")
        #expect(value(fields, "empty") == "")
        #expect(value(fields, "set-cookie") == "a=1")
        #expect(fields.isNamed(Array("set-cookie".utf8), at: 3))
        #expect(value(fields, "x-tok") == nil && value(fields, "X-Token") == nil)
    }

    @Test func `a broken answer's half field is not left for the next`() {
        var fields = HeaderFields()
        Array("X-Half".utf8).withUnsafeBytes { fields.appendName($0) }
        fields.removeAll()
        Array("X-Whole".utf8).withUnsafeBytes { fields.appendName($0) }
        Array("1".utf8).withUnsafeBytes { fields.appendValue($0) }
        fields.endField()
        #expect(fields.count == 1 && value(fields, "x-whole") == "1")
    }
}
