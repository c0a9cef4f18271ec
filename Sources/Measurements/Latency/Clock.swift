/// The interval between two stamps of a request.
public enum Clock: String, Sendable, Codable, CaseIterable {
    /// done - due: what a user feels; the verdict's clock.
    case latency
    /// done - sent.
    case service
    /// ready - due: the generator's own fault.
    case lag
    /// sent - ready: waiting for a free connection; the target's, and part of latency.
    case wait
    /// Looking the host up, of requests that did.
    case resolve
    /// Making the connection, of requests that got a new one.
    case connect
    /// The TLS handshake, of requests that got a new connection.
    case tls
    /// From the first byte written to the last, of requests that one call could not take.
    case send
    /// From sent to the first byte of the answer.
    case firstByte = "first_byte"
    /// From the first byte of the answer to done.
    case receive
    /// Not of a request: the whole of a group, without its pauses; the key names the group.
    case group
}

/// Which samples a histogram of the evidence holds.
public struct HistogramKey: Sendable, Hashable {
    /// The phase that the request was due in, by name.
    public var phase: String
    /// The operation's id.
    public var operation: String
    /// The interval that was measured.
    public var clock: Clock
    /// True for requests whose outcome is a failure (latency and service only).
    public var isFailed: Bool

    /// A key from its parts.
    public init(phase: String, operation: String, clock: Clock, isFailed: Bool = false) {
        self.phase = phase
        self.operation = operation
        self.clock = clock
        self.isFailed = isFailed
    }
}

extension HistogramKey {
    /// The tag of latency.hlog: `PHASE/OPERATION/CLOCK`, with `/failed` for failures.
    public var tag: String {
        let name = "\(Self.escaped(phase))/\(Self.escaped(operation))/\(clock.rawValue)"
        return isFailed ? "\(name)/failed" : name
    }

    /// `nil` if the text is no tag.
    init?(tag: String) {
        let parts = tag.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 || (parts.count == 4 && parts[3] == "failed"),
            let clock = Clock(rawValue: parts[2])
        else { return nil }
        self.init(
            phase: Self.unescaped(parts[0]), operation: Self.unescaped(parts[1]), clock: clock,
            isFailed: parts.count == 4)
    }

    /// Percent-encodes what a tag or its parts cannot hold.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.isASCII && scalar.value > 0x20 && !"%/,\"#".unicodeScalars.contains(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 {
                    result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
            }
        }
        return result
    }

    private static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The keys of the tags that a log has had, each read once.
public struct TagKeys {
    private var known: [String: HistogramKey?] = [:]

    /// None known yet.
    public init() {}

    /// The key of a tag; `nil` if the text is no tag.
    public mutating func key(of tag: String) -> HistogramKey? {
        if let key = known[tag] { return key }
        let key = HistogramKey(tag: tag)
        known[tag] = .some(key)
        return key
    }
}
