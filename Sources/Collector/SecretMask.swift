/// Keeps secrets out of the evidence.
public struct SecretMask: Sendable {
    private let secrets: [String]
    private let longest: Int

    /// The most characters of a request or an answer that the evidence has.
    private static let maximumKept = 2048

    /// A mask of texts that are in no evidence.
    public init(_ secrets: [String] = []) {
        self.secrets = secrets.filter { !$0.isEmpty }
        longest = secrets.reduce(0) { max($0, $1.utf8.count) }
    }

    /// How much of a request or an answer `masked` looks at; more than that tells it no more.
    public var maximumBytes: Int { Self.maximumKept + 2 * longest + 1 }

    /// About the first 2 KiB of a request or an answer, with every secret masked.
    ///
    /// A loop that sends must not go through a body of megabytes.
    public func masked(_ bytes: [UInt8]) -> String {
        let beginning = bytes.prefix(Self.maximumKept + 2 * longest)
        var text = hidden(in: String(decoding: beginning, as: UTF8.self))
        // The cut may go through a secret, whose beginning is then not known as one.
        if beginning.count < bytes.count { text.removeLast(min(longest, text.count)) }
        return String(text.prefix(Self.maximumKept))
    }

    /// The first 2,048 characters of a text, with every secret masked.
    public func masked(_ text: String) -> String {
        String(hidden(in: text).prefix(Self.maximumKept))
    }

    private func hidden(in whole: String) -> String {
        var text = whole
        for secret in secrets { text = text.replacing(secret, with: "***") }
        return text
    }
}
