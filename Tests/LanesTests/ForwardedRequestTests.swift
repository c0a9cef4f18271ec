import Testing

@testable import HTTP1Lane
@testable import Sockets

@Suite struct ForwardedRequestTests {
    @Test(arguments: [
        (
            "GET /a?b HTTP/1.1\r\nHost: t\r\n\r\n",
            "GET http://t:80/a?b HTTP/1.1\r\n@Host: t\r\n\r\n"
        ),
        (
            "POST / HTTP/1.1\r\nA: b\r\n\r\nbody\n",
            "POST http://t:80/ HTTP/1.1\r\n@A: b\r\n\r\nbody\n"
        ),
        (
            "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n",
            "OPTIONS http://t:80 HTTP/1.1\r\n@Host: t\r\n\r\n"
        ),
        // Or the proxy would take `t:80` for a user, and send the load elsewhere.
        ("GET @u/ HTTP/1.1\r\n\r\n", "GET http://t:80/@u/ HTTP/1.1\r\n@\r\n"),
    ])
    func `a forwarded request has the whole URL and the password`(text: String, forwarded: String) {
        for credentials in [Proxy.Credentials(user: "Aladdin", password: "open sesame"), nil] {
            let request = ForwardedRequest(origin: "http://t:80", credentials: credentials)
            for _ in 0..<2 { Array(text.utf8).withUnsafeBytes { request.take($0) } }
            // The example of RFC 7617.
            let field =
                credentials == nil
                ? "" : "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
            let expected = forwarded.replacing("\r\n@", with: "\r\n\(field)", maxReplacements: 1)
            #expect(String(decoding: request.bytes, as: UTF8.self) == expected)
        }
    }
}
