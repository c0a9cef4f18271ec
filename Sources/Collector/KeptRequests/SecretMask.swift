/// Keeps secrets out of the evidence, in every form in which a target may give them back: as they
/// are, in the escapes of URLs, forms, JSON and HTML, in hexadecimal, in base64 and base64url.
public struct SecretMask: Sendable {
    private let patterns: [SecretPattern]
    /// Whether a match can begin with a byte, by its value.
    private let begins: [Bool]
    /// How many secrets are so short that they cannot be told from other text.
    ///
    /// They are masked wherever their characters appear, which says where they are to whoever
    /// guesses; their hexadecimal and base64 forms are not.
    public let shortSecretCount: Int

    /// The most characters of a request or an answer that the evidence has.
    private static let maximumKept = 2048
    /// A shorter secret cannot be told from other text, in characters.
    public static let minimumLength = 4
    private static let mark = Array("***".utf8)
    /// What an excerpt ends with that was cut: `…`.
    private static let cutMark = Array("…".utf8)

    /// A mask of texts that are in no evidence.
    public init(_ secrets: [String] = []) {
        let secrets = Set(secrets).filter { !$0.isEmpty }.sorted()
        let long = secrets.filter { $0.count >= Self.minimumLength }
        shortSecretCount = secrets.count - long.count
        patterns =
            secrets.map { SecretPattern.plain($0) }
            + long.flatMap { secret in
                [SecretPattern.hexadecimal(secret)]
                    + (0..<3).map { SecretPattern.base64(secret, offset: $0) }
            }
        var begins = [Bool](repeating: false, count: 256)
        for byte in patterns.flatMap(\.firstBytes) { begins[Int(byte)] = true }
        self.begins = begins
    }

    /// How much of a request or an answer `masked` looks at; more than that tells it no more.
    public var maximumBytes: Int { Self.maximumKept + 1 }

    /// The first 2 KiB of a request or an answer, with every secret masked.
    ///
    /// What may be the beginning of a secret is masked at the end, where the text is cut.
    public func masked(_ bytes: [UInt8]) -> String {
        let isCut = bytes.count > Self.maximumKept
        let beginning = isCut ? Array(bytes[..<Self.maximumKept]) : bytes
        return cut(hidden(in: beginning, isCut: isCut))
    }

    /// The first 2,048 characters of a text, with every secret masked; a `…` in it is where an
    /// excerpt was cut.
    public func masked(_ text: String) -> String {
        cut(hidden(in: Array(text.utf8), isCut: false))
    }

    private func cut(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes, as: UTF8.self).prefix(Self.maximumKept))
    }

    private func hidden(in bytes: [UInt8], isCut: Bool) -> [UInt8] {
        guard !patterns.isEmpty else { return bytes }
        func cut(_ place: Int) -> Bool {
            place == bytes.count ? isCut : bytes[place...].starts(with: Self.cutMark)
        }
        var found: [Range<Int>] = []
        for place in bytes.indices where begins[Int(bytes[place])] {
            let matches = patterns.compactMap { $0.match(bytes, from: place, cut: cut) }
            guard let start = matches.map(\.lowerBound).min(),
                let end = matches.map(\.upperBound).max()
            else { continue }
            if let last = found.last, last.upperBound >= start {
                found[found.count - 1] = last.lowerBound..<max(last.upperBound, end)
            } else {
                found.append(start..<end)
            }
        }
        guard !found.isEmpty else { return bytes }
        var output: [UInt8] = []
        var rest = 0
        for range in found {
            output += bytes[rest..<range.lowerBound] + Self.mark
            rest = range.upperBound
        }
        return output + bytes[rest...]
    }
}
