import Testing

@testable import LibcurlLane

@Suite struct RequestPartsTests {
    @Test func `a request is taken apart where its parts stand`() throws {
        let text = "POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nContent-Length: 4\r\n\r\n{\r\n}"
        try Array(text.utf8).withUnsafeBytes { bytes in
            let parts = try #require(RequestParts(bytes))
            func string(_ range: Range<Int>) -> String {
                String(decoding: bytes[range], as: UTF8.self)
            }
            #expect(string(parts.method) == "POST")
            #expect(string(parts.target) == "/a?b=c")
            #expect(string(parts.body) == "{\r\n}")
            let lines = RequestParts.lines(UnsafeRawBufferPointer(rebasing: bytes[parts.fields]))
            #expect(lines.map(\.name) == ["Host", "X-Empty", "Content-Length"])
            #expect(lines.map(\.value) == ["x", "", "4"])
        }
    }

    @Test(arguments: ["", "GET", "GET /", "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\n"])
    func `what is cut off is no request`(text: String) {
        Array(text.utf8).withUnsafeBytes { #expect(RequestParts($0) == nil) }
    }

    @Test func `a request without fields and body has neither`() throws {
        try Array("GET / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes { bytes in
            let parts = try #require(RequestParts(bytes))
            #expect(parts.fields.isEmpty && parts.body.isEmpty)
        }
    }
}
