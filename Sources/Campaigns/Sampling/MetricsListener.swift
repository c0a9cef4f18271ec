import CLinux
import Glibc
public import Targets

/// A socket that listens for scrapers of the metrics of a run in progress.
public struct MetricsListener: Sendable {
    let descriptor: Int32
    /// The address in numbers, with its port, as in 127.0.0.1:9464.
    public let address: String

    private static let backlog: Int32 = 16

    /// Listens at `HOST:PORT` or `[HOST]:PORT` in numbers, or at a port of 127.0.0.1; port 0 picks
    /// a free one.
    ///
    /// - Throws: `CampaignError` if the text is not such an address, or if it is taken.
    public init(_ text: String) throws(CampaignError) {
        let (host, port) = try Self.parts(text)
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let number = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard number == 0, let info = list?.pointee else { throw Self.wrong(text) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(info.ai_family, kind, 0)
        var one: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard descriptor >= 0, bind(descriptor, info.ai_addr, info.ai_addrlen) == 0,
            listen(descriptor, Self.backlog) == 0
        else {
            let words = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw CampaignError(
                .usage, "--metrics \(text): cannot listen there: \(words)",
                hint: "end what listens there, or choose another port; 0 picks a free one")
        }
        self.descriptor = descriptor
        let shown = host.contains(":") ? "[\(host)]" : host
        address = "\(shown):\(Self.port(of: descriptor) ?? port)"
    }

    private static func parts(_ text: String) throws(CampaignError) -> (String, Int) {
        if let port = Int(text), (0...65_535).contains(port) { return ("127.0.0.1", port) }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else { throw wrong(text) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw wrong(text) }
        return (String(host), port)
    }

    private static func wrong(_ text: String) -> CampaignError {
        CampaignError(
            .usage, "--metrics \"\(text)\" is not an address to listen at",
            hint: "give an address in numbers and a port from 0 to 65535, as in 127.0.0.1:9464")
    }

    private static func port(of descriptor: Int32) -> Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isKnown else { return nil }
        // The port stands at the same place for both families.
        return withUnsafeBytes(of: address) { Int($0[2]) << 8 | Int($0[3]) }
    }
}
