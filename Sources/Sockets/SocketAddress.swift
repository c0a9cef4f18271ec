import CLinux
public import Glibc

/// The bytes of a `sockaddr`.
public struct SocketAddress: Sendable, Equatable {
    /// `AF_INET`, `AF_INET6` or `AF_UNIX`.
    public let family: Int32
    private let bytes: [UInt8]

    init(_ info: addrinfo) {
        family = info.ai_family
        bytes =
            info.ai_addr.map {
                Array(UnsafeRawBufferPointer(start: $0, count: Int(info.ai_addrlen)))
            } ?? []
    }

    /// The address of a unix socket; `nil` if the path is longer than the system takes (107
    /// bytes) or empty.
    init?(unixPath path: String) {
        var address = sockaddr_un()
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !path.isEmpty, path.utf8.count < capacity else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        family = AF_UNIX
        bytes = withUnsafeBytes(of: address) { Array($0) }
    }

    /// 127.0.0.0/8, ::1, or a unix socket.
    public var isLoopback: Bool {
        switch family {
        case AF_INET: bytes.count >= 8 && bytes[4] == 127
        case AF_INET6:
            bytes.count >= 24 && bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
        case AF_UNIX: true
        default: false
        }
    }

    /// Calls `body` with the address and its length, which are good until it returns.
    public func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result)
        -> Result?
    {
        bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map {
                body($0.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
            }
        }
    }

    /// Every address of a host, each once, in the order that the system gives; a blocking call.
    static func all(host: String, port: Int) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        guard getaddrinfo(bare, String(port), &hints, &list) == 0 else { return [] }
        defer { if let list { freeaddrinfo(list) } }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry {
            let address = SocketAddress(info.pointee)
            if !addresses.contains(address) { addresses.append(address) }
            entry = info.pointee.ai_next
        }
        return addresses
    }
}
