import CLinux
import EventLoops
import Sockets

/// What a proxy and a client say to each other until the way to the target is open.
protocol ProxyNegotiation: AnyObject {
    /// What is sent first.
    var opening: [UInt8] { get }

    /// What is waited for, as a part of a sentence.
    var awaited: String { get }

    /// Takes bytes of the proxy.
    func take(_ bytes: UnsafeRawBufferPointer) -> ProxyNegotiationStep
}

/// What the bytes of a proxy came to.
enum ProxyNegotiationStep: Equatable {
    /// More must come.
    case incomplete
    /// This is sent next.
    case send([UInt8])
    /// The way to the target is open.
    case open
    /// The proxy has refused, or does not speak the protocol; in words.
    case failed(String)
}

/// Opens the way through a proxy on a connection that has just been made, and is of no use after.
///
/// Confined to its loop.
final class ProxyTunnel {
    /// What a step came to.
    enum Progress {
        case incomplete
        case open
        /// In words.
        case failed(String)
    }

    private let negotiation: any ProxyNegotiation
    private var isSecured = false
    private var outgoing: [UInt8]
    private var written = 0
    private var bytesRead = 0

    /// The most that is read, which also bounds interim answers without end.
    private static let maximumBytes = 64 << 10

    init(_ negotiation: any ProxyNegotiation) {
        self.negotiation = negotiation
        outgoing = negotiation.opening
    }

    /// What is waited for, as a part of a sentence.
    func awaited(_ tls: TLSSession?) -> String {
        tls == nil || isSecured ? negotiation.awaited : "end of the TLS handshake"
    }

    /// Goes on as far as the proxy's bytes let it.
    ///
    /// - Parameters:
    ///   - tls: the TLS with the proxy; `nil` in clear text.
    ///   - buffer: for what is read.
    func advance(
        _ descriptor: Int32, _ tls: TLSSession?, buffer: UnsafeMutableRawBufferPointer
    ) -> Progress {
        if let tls, !isSecured {
            switch tls.handshake() {
            case .incomplete: return .incomplete
            case .failed(let words): return .failed("TLS with the proxy: \(words)")
            case .done: isSecured = true
            }
        }
        while true {
            write(descriptor, tls)
            switch read(descriptor, tls, buffer) {
            case .wouldBlock: return .incomplete
            case .failed(let number):
                let words = SystemCallError(call: "recv", number: number).description
                return .failed("the connection to the proxy broke: \(words)")
            case .value(0):
                return .failed("the proxy closed the connection before its \(negotiation.awaited)")
            case .value(let count):
                bytesRead += count
                guard bytesRead <= Self.maximumBytes else {
                    return .failed(
                        "the proxy sent more than \(Self.maximumBytes) bytes instead of its "
                            + negotiation.awaited)
                }
                switch negotiation.take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
                case .incomplete: continue
                case .send(let bytes): (outgoing, written) = (bytes, 0)
                case .open: return .open
                case .failed(let words): return .failed(words)
                }
            }
        }
    }

    /// Sends what fits; the next read finds what went wrong, behind an answer if there is one.
    private func write(_ descriptor: Int32, _ tls: TLSSession?) {
        while written < outgoing.count {
            let result = outgoing.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return tls?.write(rest)
                    ?? directCall { linux_send(descriptor, rest.baseAddress, UInt(rest.count)) }
            }
            switch result {
            case .value(let count): written += count
            case .wouldBlock, .failed: return
            }
        }
    }

    private func read(
        _ descriptor: Int32, _ tls: TLSSession?, _ buffer: UnsafeMutableRawBufferPointer
    ) -> SystemCallResult {
        tls?.read(into: buffer)
            ?? directCall { linux_receive(descriptor, buffer.baseAddress, UInt(buffer.count)) }
    }
}
