import Testing

@testable import Generator

@Suite struct CookieJarTests {
    /// The Cookie field of a request for `path`, after answers to requests for `/shop/cart`.
    private func field(_ answers: [String], path: String = "/shop/cart?x=1", now: UInt64 = 100)
        -> String
    {
        var jar = CookieJar()
        for answer in answers {
            jar.take(Array(answer.utf8)[...], path: Array("/shop/cart".utf8)[...], now: now)
        }
        var output = Array("GET \(path) HTTP/1.1\r\n".utf8)
        let head = output.count
        jar.appendField(to: &output)
        return String(decoding: output[head...], as: UTF8.self)
    }

    @Test(arguments: [
        (["a=1"], "Cookie: a=1\r\n"), (["a=1", "b=2"], "Cookie: a=1; b=2\r\n"),
        (["a=1", "a=2; Path=/shop"], "Cookie: a=2\r\n"),
        (["a=1; HttpOnly; Secure; SameSite=Lax; Domain=x"], "Cookie: a=1\r\n"),
        ([" a = 1 ; path=/"], "Cookie: a=1\r\n"), (["a=x=y"], "Cookie: a=x=y\r\n"),
        (["a="], "Cookie: a=\r\n"), (["a"], ""), (["=1"], ""), ([""], ""),
        (["a=1", "a=1; Max-Age=0"], ""), (["a=1; Max-Age=-5"], ""),
        (["a=1; Max-Age=soon"], "Cookie: a=1\r\n"),
        (["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""),
        (["a=1; Expires=Wed, 21 Oct 2999 07:28:00 GMT"], "Cookie: a=1\r\n"),
        (["a=1; Expires=never"], "Cookie: a=1\r\n"),
        (["a=1; Max-Age=99999999999; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "Cookie: a=1\r\n"),
    ])
    func `a jar sends what it was given, and not what was taken back`(
        answers: [String], wanted: String
    ) {
        #expect(field(answers) == wanted)
    }

    @Test(arguments: [
        ("/shop/cart", "", true), ("/shop", "", true), ("/shop/", "", true),
        ("/shopping", "", false),
        ("/", "", false), ("/", "; Path=/", true), ("/a", "; Path=/a", true),
        ("/a/b", "; Path=/a", true), ("/ab", "; Path=/a", false), ("/a", "; Path=/a/", false),
        ("/a?b", "; Path=/a", true), ("/shop/x", "; Path=a", true),
    ])
    func `a cookie goes to the paths that it is for`(path: String, attribute: String, isSent: Bool)
    {
        #expect(field(["n=1\(attribute)"], path: path).isEmpty != isSent)
    }

    @Test func `a jar is bounded, and the oldest cookies go`() {
        let text = field((0..<60).map { "c\($0)=1" })
        #expect(!text.contains("c9=1") && text.contains("c10=1") && text.contains("c59=1"))
    }

    @Test func `a cookie of more than 4,096 bytes is not taken, and the one before it stays`() {
        let long = String(repeating: "x", count: 4094)
        #expect(field(["a=\(long)"]) == "Cookie: a=\(long)\r\n")
        #expect(field(["a=1", "a=\(long)x", "b=2"]) == "Cookie: a=1; b=2\r\n")
        #expect(field(["a=1", "a=2; Path=/\(long)"]) == "Cookie: a=1\r\n")
    }

    @Test(arguments: [
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480), ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777), ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Mon, 29 Feb 2016 23:59:59 GMT", 1_456_790_399), ("Fri, 01 Jan 1960 00:00:00 GMT", 0),
    ])
    func `dates are read in each of their forms`(text: String, seconds: UInt64) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "never", "21 Oct 2015", "07:28:00", "Wed, 21 Oct 2015 27:28:00 GMT", "1:2",
    ])
    func `what is no date is none`(text: String) {
        #expect(HTTPDate.seconds(text) == nil)
    }
}
