import Glibc

extension Endpoint {
    /// The address in numbers; an IPv6 address without brackets.
    public var literal: String { address.literal }

    /// The port.
    public var port: Int { address.port }

    /// An address as it is mostly written, and whether it is of the loopback interface.
    ///
    /// No name service is asked.
    ///
    /// - Returns: the address, in brackets where it is IPv6; `nil` if the host is a name.
    public static func canonical(_ host: String) -> (literal: String, isLoopback: Bool)? {
        guard let address = SocketAddress(literal: host) else { return nil }
        let literal = address.literal
        return (literal.contains(":") ? "[\(literal)]" : literal, address.isLoopback)
    }
}

extension SocketAddress {
    /// Reads an address without a name service, with a port; `nil` if the text is none.
    init?(literal: String, port: Int = 0) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let bare = literal.hasPrefix("[") ? String(literal.dropFirst().dropLast()) : literal
        let number = getaddrinfo(bare, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard number == 0, let first = list else { return nil }
        self.init(first.pointee)
    }

    /// The address in numbers, without its port; an IPv6 address without brackets.
    var literal: String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let number = withPointer {
            getnameinfo($0, $1, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        }
        guard number == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Its port; 0 of a unix socket.
    public var port: Int {
        family == AF_UNIX ? 0 : bigEndian(2..<4)[0] << 8 | bigEndian(2..<4)[1]
    }

    /// This address and those after it up to `end`; `nil` if `end` is of another family, comes
    /// before it, or is more than `most` addresses away.
    func range(to end: SocketAddress, most: Int) -> [SocketAddress]? {
        guard family == end.family, most > 0 else { return nil }
        let place = family == AF_INET ? 4..<8 : 8..<24
        var result = [self]
        var next = bigEndian(place)
        while next != end.bigEndian(place) {
            guard result.count < most else { return nil }
            // One up, with the carry from the last byte to the first.
            var index = next.count - 1
            while index >= 0, next[index] == 255 {
                next[index] = 0
                index -= 1
            }
            guard index >= 0 else { return nil }
            next[index] += 1
            guard let address = SocketAddress(family: family, number: next) else { return nil }
            result.append(address)
        }
        return result
    }

    /// Some bytes of the system's structure; 0 where it is shorter.
    private func bigEndian(_ place: Range<Int>) -> [Int] {
        withPointer { pointer, size in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(size))
            return place.map { $0 < bytes.count ? Int(bytes[$0]) : 0 }
        } ?? place.map { _ in 0 }
    }

    private init?(family: Int32, number: [Int]) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let bytes = number.map { UInt8($0) }
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
        self.init(literal: String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
}
