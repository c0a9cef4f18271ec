import Exchanges
import Sockets

/// The place of one connection: transfers of one slot share it, and no others can.
///
/// curl looks for a connection to reuse among all those to one host name, one after the other.
/// Each slot has a name of its own, which is given the target's address, so that there is one to
/// look at.
final class CurlSlot {
    /// What is known of the connection, where several transfers share it or must know.
    enum State {
        case closed
        /// A transfer is about to open it, and the others wait for that.
        case opening
        case open
    }

    var state = State.closed
    /// The transfer that opens the connection.
    weak var opener: CurlTransfer?
    /// Transfers that wait for it.
    var waiting: [CurlTransfer] = []
    /// The socket of the last connection; `nil` once it is closed.
    weak var socket: CurlSocket?
    /// Whether libcurl has the alias with its address, which it keeps for good.
    var isResolved = false
    /// The TLS sessions of its connections.
    let sessions = CurlSessions()

    /// The name that curl connects to.
    let alias: String
    /// The alias and its address, for CURLOPT_RESOLVE.
    let resolve: CurlList
    /// The alias instead of the URL's host, for CURLOPT_CONNECT_TO.
    let connectTo: CurlList
    /// What requests are for, but for what each of them asks.
    let url: String
    /// The proxy, by its alias; empty for none.
    let proxyURL: String

    /// Whether the peer has said by TLS that no more comes; OpenSSL sets it to 1.
    let tlsEnd = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    /// The name or address that the target's certificate must have; `nil` if it need not.
    let expectedName: TLSName?

    init(number: Int, settings: CurlSettings) {
        tlsEnd.initialize(to: 0)
        url = "\(settings.origin)/"
        expectedName = settings.expectedName
        alias = "connection-\(number)"
        guard let proxy = settings.proxy else {
            switch settings.place {
            case .address(let address, let port):
                resolve = CurlList(["\(alias):\(port):\(bracketed(address))"])
                connectTo = CurlList(["::\(alias):\(port)"])
            case .unix:
                resolve = CurlList()
                connectTo = CurlList(["::\(alias):\(settings.port)"])
            }
            proxyURL = ""
            return
        }
        // A proxy that speaks TLS is checked by its name, so that it keeps it.
        let name = proxy.scheme == .https ? proxy.host : alias
        var names = ["\(name):\(proxy.port):\(bracketed(proxy.address))"]
        var redirect: [String] = []
        if case .address(let address, let port) = settings.place {
            // Looked up here for a proxy that wants an address, and not asked for by the others.
            names.append("\(settings.host):\(settings.port):\(bracketed(address))")
            if settings.network.connectTo != nil || settings.network.tls.serverName != nil {
                redirect = ["::\(bracketed(address)):\(port)"]
            }
        }
        resolve = CurlList(names)
        connectTo = CurlList(redirect)
        proxyURL = "\(proxy.scheme.rawValue)://\(name):\(proxy.port)"
    }

    deinit { tlsEnd.deallocate() }

    /// Ends the connection if it has carried something that nobody asked for, or its end; libcurl
    /// would take that for the next answer.
    func endIfUnasked() {
        if let socket, socket.hasUnread { socket.end() }
    }
}

private func bracketed(_ address: String) -> String {
    address.contains(":") ? "[\(address)]" : address
}
