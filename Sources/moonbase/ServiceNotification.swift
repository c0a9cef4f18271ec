import Glibc

/// Tells the service manager how the service is doing.
///
/// - Source: sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.
enum ServiceNotification {
    /// Sends a state such as `READY=1`; nothing where no service manager listens.
    static func send(_ state: String) {
        guard let name = getenv("NOTIFY_SOCKET"), name.pointee != 0 else { return }
        var path = Array(String(cString: name).utf8)
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(state.utf8)
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
