extension String {
    /// The text with U+FFFD for whatever controls a terminal or turns the direction of a line.
    ///
    /// Whatever a peer, a file or a profile says goes through it before a person sees it. Line
    /// feeds and tabs stay. O(n).
    public var printable: String {
        guard !utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }) else {
            return self
        }
        var text = ""
        text.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            let isKept = scalar.isPrintable || scalar == "\n" || scalar == "\t"
            text.unicodeScalars.append(isKept ? scalar : "\u{FFFD}")
        }
        return text
    }

    /// `printable`, in one line: a space for line feeds and tabs.
    public var printableLine: String {
        let text = printable
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x09 }) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0 == "\n" || $0 == "\t" ? " " : $0 }))
    }
}

extension Unicode.Scalar {
    /// Whether it shows, or is a space: not what controls a terminal, or turns the direction of a
    /// line.
    public var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            false
        default: true
        }
    }
}
