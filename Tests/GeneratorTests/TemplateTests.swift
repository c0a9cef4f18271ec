import Exchanges
import Profiles
import Testing

@testable import Generator
@testable import Requests

@Suite struct TemplateTests {
    /// Writes a body of one text with a saved value in it.
    private func render(_ text: String, _ value: String) throws -> String {
        var writer = TemplateWriter(.init(variables: ["x"], feeds: []))
        writer.append(fixed: "POST / HTTP/1.1\r\nContent-Length: ")
        writer.append(.contentLength, .verbatim)
        writer.append(fixed: "\r\n\r\n")
        try writer.append(text, .verbatim)
        let user = VirtualUser(number: 1)
        user.variables = [Array(value.utf8)]
        let profile = try FakeRun.profile("scenarios: [{ s: { steps: [ping] } }]")
        var values = ValueSource(
            try FakeRun.plan(profile), share: LoadShare(index: 0, count: 1))
        user.render(writer.finish(), values: &values)
        return String(decoding: user.exchange.request, as: UTF8.self)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 10, 97, 98, 99, 100, 1000, 99_998, 100_001])
    func `the length is right, however many digits it has`(count: Int) throws {
        for text in ["${x}", "${x}é", "a${x}${x}", "${uuid}${x}"] {
            let request = try render(text, String(repeating: "v", count: count))
            let parts = request.split(
                separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            #expect(parts[0].hasSuffix("Content-Length: \(parts[1].utf8.count)"), "\(parts[0])")
        }
    }

    @Test func `what is fixed but for secrets is rendered once`() throws {
        var writer = TemplateWriter(.init(variables: [], feeds: []))
        try writer.append("a${env:PATH}b", .json)
        let template = writer.finish()
        #expect(template.fixed != nil && template.secrets.count == 1)
    }

    @Test(arguments: [
        (ByteEncoding.plain, "a\r\nb \"é", "ab \"é"), (.verbatim, "a\r\n\"", "a\r\n\""),
        (.percent, "a/ é~", "a%2F%20%C3%A9~"),
        (.json, "a\"\\\n\u{1}é", "a\\\"\\\\\\u000A\\u0001é"),
    ])
    func `a value is written in the encoding of its place`(
        encoding: ByteEncoding, value: String, wanted: String
    ) {
        var output: [UInt8] = []
        output.append(value, as: encoding)
        #expect(String(decoding: output, as: UTF8.self) == wanted)
    }

    @Test(arguments: [UInt64(0), 9, 10, 99, 100, 12_345, .max])
    func `numbers are written as they are printed elsewhere`(number: UInt64) {
        var output: [UInt8] = []
        output.appendDecimal(number)
        #expect(String(decoding: output, as: UTF8.self) == "\(number)")
    }
}
