import Testing

@testable import MoonbaseNode

@Suite struct RequestParserTests {
    /// A request's bytes, and what becomes of it: a status, 200 for a request that is taken, 0 for
    /// one that is not whole.
    struct Row: Sendable, CustomTestStringConvertible {
        let bytes: String
        let status: Int

        init(_ status: Int, _ bytes: String) {
            self.bytes = bytes
            self.status = status
        }

        var testDescription: String { "\(status): \(bytes.prefix(60).debugDescription)" }
    }

    /// A body in chunks, and what becomes of it.
    private static func chunks(_ status: Int, _ body: String) -> Row {
        Row(status, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
    }

    private static let long = String(repeating: "x", count: 17_000)

    static let rows = [
        Row(200, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(200, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(200, "GET / HTTP/1.0\r\n\r\n"),
        Row(200, "GET http://a/x?y HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(200, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            200,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        Row(200, "QUERY / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(0, "GET / HTTP/1.1\r\nHost: a\r\n"),
        Row(0, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n{}"),
        Row(400, "GET / HTTP/1.1\nHost: a\n\n"),
        Row(400, "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        Row(400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        Row(400, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        Row(400, "GET /\r\n\r\n"),
        Row(400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        Row(400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "QUERY  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n{}"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}"),
        Row(
            400,
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        Row(400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Row(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Row(
            400,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
        Row(
            400,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
        chunks(200, "0002\r\n{}\r\n0\r\n\r\n"),
        chunks(200, "2;a=b\r\n{}\r\n0;c\r\nX: y\r\n\r\n"),
        chunks(200, "1\r\n{\r\n1\r\n\r\r\n0\r\n\r\n"),
        chunks(0, "2\r\n{}\r\n0\r\n\r"),
        chunks(400, "2\r\n{}xx0\r\n\r\n"),
        chunks(400, "2\r\n{}\n\r0\r\n\r\n"),
        chunks(400, "2\r\n{}\r\r0\r\n\r\n"),
        chunks(400, "2\r\n{}\n0\r\n\r\n"),
        chunks(400, "2\rx{}\r\n0\r\n\r\n"),
        chunks(400, "2 \r\n{}\r\n0\r\n\r\n"),
        chunks(400, " 2\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "+2\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "-2\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "0x2\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "10000000000000002\r\n{}\r\n0\r\n\r\n"),
        chunks(400, "2\r\n{}\r\n0\r\nX y\r\n\r\n"),
        Row(413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"),
        Row(417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            431, "GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\r\n\r\n"),
        Row(431, "GET / HTTP/1.1\r\nHost: a\r\nX: \(long)"),
    ]

    /// The status that a parser comes to, fed with stretches of at most `step` bytes.
    static func status(of bytes: [UInt8], step: Int) -> (status: Int, left: Int) {
        let parser = RequestParser()
        var pending: [UInt8] = []
        var rest = bytes[...]
        repeat {
            pending += rest.prefix(step)
            rest = rest.dropFirst(step)
            while !pending.isEmpty {
                let (progress, consumed) = pending.withUnsafeBytes { parser.feed($0) }
                pending.removeFirst(consumed)
                switch progress {
                case .complete: return (200, pending.count + rest.count)
                case .refused(let refusal): return (refusal.status, pending.count + rest.count)
                case .incomplete: break
                }
                if consumed == 0 { break }
            }
        } while !rest.isEmpty
        return (0, pending.count)
    }

    @Test(arguments: rows)
    func `a request is taken, refused or waited for`(row: Row) {
        #expect(Self.status(of: Array(row.bytes.utf8), step: .max).status == row.status)
    }

    @Test(arguments: rows)
    func `it makes no difference how the bytes come`(row: Row) {
        for step in [1, 7] {
            #expect(Self.status(of: Array(row.bytes.utf8), step: step).status == row.status)
        }
    }

    @Test func `what follows a request is left for the next`() {
        let one = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
        let result = Self.status(of: Array((one + one).utf8), step: .max)
        #expect(result.status == 200)
        #expect(result.left == one.utf8.count)
    }

    @Test func `a body above the bound is refused, chunked as well`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunk = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"
        let text = head + String(repeating: chunk, count: 17) + "0\r\n\r\n"
        #expect(Self.status(of: Array(text.utf8), step: 9000).status == 413)
    }
}
