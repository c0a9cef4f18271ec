import Contracts
import JSON
import Profiles

/// A step's request, rendered but for the slots of what varies.
struct RequestTemplate: Sendable {
    /// A stretch of the request.
    enum Piece: Equatable, Sendable {
        case bytes([UInt8])
        case slot(Slot, Encoding)
    }

    /// What fills a slot.
    enum Slot: Equatable, Sendable {
        /// A value saved by an earlier step, by its index among the scenario's variables.
        case variable(Int)
        /// A secret from the environment; masked wherever a request is shown.
        case secret(String)
        case iteration
        case user
        case uuid
    }

    /// How a slot's value is written where it stands.
    enum Encoding: Equatable, Sendable {
        case plain
        case percent
        case json
    }

    /// The request line and the header fields, without the final empty line.
    let head: [Piece]
    /// The body's pieces; empty where there is none.
    let body: [Piece]
    /// Whether a Content-Length field is written: the body's, or 0 where the method expects one.
    let hasLength: Bool
    /// The whole request, where nothing varies.
    let fixed: [UInt8]?

    init(head: [Piece], body: [Piece], hasLength: Bool) {
        self.head = head
        self.body = body
        self.hasLength = hasLength
        func isFixed(_ piece: Piece) -> Bool { if case .bytes = piece { true } else { false } }
        var fixed: [UInt8]?
        if head.allSatisfy(isFixed), body.allSatisfy(isFixed) {
            var bytes: [UInt8] = []
            var scratch: [UInt8] = []
            Self.assemble(
                head: head, body: body, hasLength: hasLength, into: &bytes, scratch: &scratch
            ) {
                _, _, _ in
            }
            fixed = bytes
        }
        self.fixed = fixed
    }

    /// Writes the request into `output`, with `fill` for the slots; `scratch` is working space.
    func render(
        into output: inout [UInt8], scratch: inout [UInt8],
        fill: (Slot, Encoding, inout [UInt8]) -> Void
    ) {
        output.removeAll(keepingCapacity: true)
        if let fixed {
            output.append(contentsOf: fixed)
            return
        }
        Self.assemble(
            head: head, body: body, hasLength: hasLength, into: &output, scratch: &scratch,
            fill: fill)
    }

    /// Its secrets as they are written on the wire.
    var secrets: [String] {
        (head + body).compactMap { piece in
            guard case .slot(.secret(let secret), let encoding) = piece else { return nil }
            var bytes: [UInt8] = []
            bytes.append(secret.utf8, as: encoding)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static func assemble(
        head: [Piece], body: [Piece], hasLength: Bool, into output: inout [UInt8],
        scratch: inout [UInt8], fill: (Slot, Encoding, inout [UInt8]) -> Void
    ) {
        func write(_ pieces: [Piece], to bytes: inout [UInt8]) {
            for piece in pieces {
                switch piece {
                case .bytes(let fixed): bytes.append(contentsOf: fixed)
                case .slot(let slot, let encoding): fill(slot, encoding, &bytes)
                }
            }
        }
        write(head, to: &output)
        if hasLength {
            scratch.removeAll(keepingCapacity: true)
            write(body, to: &scratch)
            output.append(contentsOf: "Content-Length: ".utf8)
            output.appendDecimal(UInt64(scratch.count))
            output.append(contentsOf: "\r\n\r\n".utf8)
            output.append(contentsOf: scratch)
        } else {
            output.append(contentsOf: "\r\n".utf8)
        }
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    mutating func appendDecimal(_ number: UInt64) {
        let start = count
        var left = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(left % 10))
            left /= 10
        } while left > 0
        self[start...].reverse()
    }

    /// Appends bytes in the encoding of the place where they stand.
    mutating func append(_ bytes: some Sequence<UInt8>, as encoding: RequestTemplate.Encoding) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in bytes {
            switch (encoding, byte) {
            case (.plain, UInt8(ascii: "\r")), (.plain, UInt8(ascii: "\n")):
                continue  // A value from an answer must not end a header field.
            case (.json, UInt8(ascii: "\"")), (.json, UInt8(ascii: "\\")):
                append(UInt8(ascii: "\\"))
                append(byte)
            case (.json, 0..<0x20):
                append(contentsOf: "\\u00".utf8)
                append(digits[Int(byte >> 4)])
                append(digits[Int(byte & 15)])
            case (.percent, _) where !byte.isUnreserved:
                append(UInt8(ascii: "%"))
                append(digits[Int(byte >> 4)])
                append(digits[Int(byte & 15)])
            default: append(byte)
            }
        }
    }
}

extension UInt8 {
    /// Whether RFC 3986 lets it stand in a URL as it is.
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
