import Sockets

/// A request as a proxy takes it that forwards it: with the whole URL and the proxy's credentials.
///
/// The exchange keeps the request as the target sees it, so that no password of a proxy comes into
/// the evidence. One connection's, confined to its loop.
///
/// - Source: RFC 9112, section 3.2.2.
final class ForwardedRequest {
    private let origin: [UInt8]
    private let authorization: [UInt8]
    private var request: [UInt8] = []

    /// A buffer beyond this size is not kept for the next request.
    private static let maximumKeptBytes = 64 << 10

    init(origin: String, credentials: Proxy.Credentials?) {
        self.origin = Array(origin.utf8)
        authorization = Array(
            (credentials.map { "Proxy-Authorization: \($0.basic)\r\n" } ?? "").utf8)
    }

    /// The bytes of the last request, which stay where they are until the next.
    var bytes: UnsafeRawBufferPointer { request.withUnsafeBytes { $0 } }

    /// Takes the next request; O(size).
    func take(_ bytes: UnsafeRawBufferPointer) {
        request.removeAll(keepingCapacity: request.capacity <= Self.maximumKeptBytes)
        request.reserveCapacity(bytes.count + origin.count + authorization.count)
        let targetStart = bytes.firstIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? bytes.count
        let fieldsStart =
            bytes[targetStart...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
        request += bytes[..<targetStart]
        request += origin
        // Of the whole server, as `OPTIONS *` asks, no path is named. RFC 9112, section 3.2.4.
        let isWhole = bytes[targetStart...].starts(with: "* ".utf8)
        // Whatever else a target begins with would go on with the host's name.
        if !isWhole, !bytes[targetStart...].starts(with: "/".utf8) {
            request.append(UInt8(ascii: "/"))
        }
        request += bytes[(targetStart + (isWhole ? 1 : 0))..<fieldsStart]
        request += authorization
        request += bytes[fieldsStart...]
    }
}
