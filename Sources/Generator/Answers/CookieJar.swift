import Exchanges
import Requests

/// The cookies that one user has been given.
///
/// Path, Max-Age and the deletion by an Expires in the past are honoured; Domain and Secure are not
/// looked at, since every request goes to the one target.
///
/// - Source: RFC 6265, sections 5.2 to 5.4.
struct CookieJar {
    private struct Cookie {
        var name: [UInt8]
        var value: [UInt8]
        var path: [UInt8]
        /// Seconds since 1970; `nil` for the end of the session.
        var expires: UInt64?
    }

    private var cookies: [Cookie] = []
    /// The most cookies that are kept, all of one domain; the oldest go.
    ///
    /// - Source: RFC 6265, section 6.1.
    private static let maximumCookies = 50
    /// The longest cookie with its attributes, in bytes; no longer one is taken, as in browsers.
    private static let maximumBytes = 4096
    private static let setCookie = Array("set-cookie".utf8)

    /// How many cookies it holds.
    var count: Int { cookies.count }

    /// Forgets every cookie.
    mutating func removeAll() { if !cookies.isEmpty { cookies.removeAll() } }

    /// About how much memory it has, in bytes.
    var sizeBytes: Int {
        cookies.reduce(0) { sum, cookie in
            sum + cookie.name.capacity + cookie.value.capacity + cookie.path.capacity
                + Self.overheadBytes
        }
    }

    /// Of a cookie: itself, and what its three texts have beside their bytes.
    private static let overheadBytes = 2 * MemoryLayout<Cookie>.stride + 3 * 32

    /// Takes the Set-Cookie fields of an answer to a request for `path`; whether there was one.
    mutating func take(from headers: HeaderFields, path: ArraySlice<UInt8>) -> Bool {
        var hasTaken = false
        for index in 0..<headers.count where headers.isNamed(Self.setCookie, at: index) {
            take(headers.value(at: index), path: path, now: WallClock.now.seconds)
            hasTaken = true
        }
        return hasTaken
    }

    /// Takes one Set-Cookie field.
    mutating func take(_ field: ArraySlice<UInt8>, path: ArraySlice<UInt8>, now: UInt64) {
        guard field.count <= Self.maximumBytes else { return }
        let parts = field.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let first = parts.first, let equals = first.firstIndex(of: UInt8(ascii: "=")) else {
            return
        }
        var cookie = Cookie(
            name: first[..<equals].trimmed, value: first[first.index(after: equals)...].trimmed,
            path: Self.defaultPath(path), expires: nil)
        guard !cookie.name.isEmpty else { return }
        var hasAge = false
        for part in parts.dropFirst() {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            let name = String(decoding: (pair.first ?? []).trimmed, as: UTF8.self).lowercased()
            let value = (pair.count > 1 ? pair[1] : []).trimmed
            switch name {
            case "path": if value.first == UInt8(ascii: "/") { cookie.path = value }
            case "max-age":
                guard let age = Int64(String(decoding: value, as: UTF8.self)) else { continue }
                hasAge = true
                cookie.expires = age > 0 ? now &+ UInt64(age) : 0
            case "expires":
                let date = HTTPDate.seconds(String(decoding: value, as: UTF8.self))
                if !hasAge, let date { cookie.expires = date }
            default: break
            }
        }
        keep(cookie, now: now)
    }

    private mutating func keep(_ cookie: Cookie, now: UInt64) {
        cookies.removeAll { $0.name == cookie.name && $0.path == cookie.path }
        if let expires = cookie.expires, expires <= now { return }
        if cookies.count == Self.maximumCookies { cookies.removeFirst() }
        cookies.append(cookie)
    }

    /// Appends the Cookie field for the request whose line `output` begins with, if there is one.
    func appendField(to output: inout [UInt8]) {
        guard !cookies.isEmpty else { return }
        let path = RequestLine.path(of: output)
        let now = WallClock.now.seconds
        var isFirst = true
        for cookie in cookies where cookie.expires ?? .max > now && Self.fits(path, cookie.path) {
            output.append(contentsOf: isFirst ? "Cookie: ".utf8 : "; ".utf8)
            isFirst = false
            output.append(contentsOf: cookie.name)
            output.append(UInt8(ascii: "="))
            output.append(contentsOf: cookie.value)
        }
        if !isFirst { output.append(contentsOf: "\r\n".utf8) }
    }

    /// The path up to its last slash.
    private static func defaultPath(_ path: ArraySlice<UInt8>) -> [UInt8] {
        guard let last = path.lastIndex(of: UInt8(ascii: "/")), last > path.startIndex else {
            return [UInt8(ascii: "/")]
        }
        return Array(path[..<last])
    }

    private static func fits(_ path: ArraySlice<UInt8>, _ own: [UInt8]) -> Bool {
        guard path.starts(with: own) else { return false }
        return path.count == own.count || own.last == UInt8(ascii: "/")
            || path[path.startIndex + own.count] == UInt8(ascii: "/")
    }
}

/// The first line of a request.
enum RequestLine {
    /// The path without its query.
    static func path(of request: [UInt8]) -> ArraySlice<UInt8> {
        guard let space = request.firstIndex(of: UInt8(ascii: " ")) else { return [] }
        return request[(space + 1)...].prefix {
            $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "?")
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without white space at both ends.
    fileprivate var trimmed: [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == 9 }
        var slice = self
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return Array(slice)
    }
}
