import CLinux
public import EventLoops
import Glibc

/// A socket address to connect to.
public struct Endpoint: Sendable, Equatable {
    /// The host and port as written, for messages and the Host field.
    public let authority: String
    /// Whether every address is of the loopback interface.
    public let isLoopback: Bool
    let address: SocketAddress

    /// Looks up a host; a blocking call, made once before the load.
    ///
    /// - Throws: `SystemCallError` where the name has no address.
    public init(host: String, port: Int) throws(SystemCallError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let number = getaddrinfo(bare, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard number == 0, let first = list else {
            throw SystemCallError(call: "getaddrinfo", number: EADDRNOTAVAIL, subject: host)
        }
        authority = "\(host):\(port)"
        address = SocketAddress(first.pointee)
        isLoopback = address.isLoopback
    }
}

/// The bytes of a `sockaddr`.
struct SocketAddress: Sendable, Equatable {
    let family: Int32
    let bytes: [UInt8]

    init(_ info: addrinfo) {
        family = info.ai_family
        bytes =
            info.ai_addr.map {
                Array(UnsafeRawBufferPointer(start: $0, count: Int(info.ai_addrlen)))
            } ?? []
    }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch family {
        case AF_INET: bytes.count >= 8 && bytes[4] == 127
        case AF_INET6:
            bytes.count >= 24 && bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
        default: false
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result? {
        bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map {
                body($0.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
            }
        }
    }
}
