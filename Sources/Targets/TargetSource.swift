/// Where a target comes from.
public enum TargetSource: Sendable, Equatable {
    /// It is there, and stays.
    case url(String)
    /// A command starts it; `{port}` in a word stands for a free port, else the command says where
    /// it listens. The word `{admin-port}` stands for another one.
    case command([String])

    /// Reads a URL, or a command as a shell would: words between spaces, quotes around some.
    ///
    /// - Throws: `CampaignError` for a command without a word, or with a quote that does not end.
    public init(_ text: String) throws(CampaignError) {
        if text.hasPrefix("http://") || text.hasPrefix("https://") {
            _ = try TargetURL(text)
            self = .url(text)
            return
        }
        self = .command(try Self.words(of: text))
    }

    private static func words(of text: String) throws(CampaignError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\" {
                isEscaped = true
            } else if character.isWhitespace {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else {
            throw CampaignError(
                .usage, "the command \"\(text)\" has a quote or a \\ without an end",
                hint: "close it, or give the URL of a target that runs")
        }
        if let whole = word { words.append(whole) }
        guard !words.isEmpty else {
            throw CampaignError(
                .usage, "the target is neither a URL nor a command",
                hint: "write http://HOST:PORT, or a command as in \"moonbase --port 0\"")
        }
        return words
    }
}
