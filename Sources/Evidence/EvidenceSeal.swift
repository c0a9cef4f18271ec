import JSON

/// What the files of a run held at one time: a line of seals.ndjson.
///
/// The digest of a file is of everything that it held until then, and the chain of a seal is over
/// all seals before it, so that a line that is lost, changed or repeated anywhere is seen.
struct EvidenceSeal {
    /// What one file held.
    struct Content: Equatable {
        var bytes: Int
        var lines: Int
        /// The first 128 bits of the SHA-256 of these bytes, 32 digits from 0 to f.
        var digest: String
    }

    /// The file of all seals.
    static let file = "seals.ndjson"
    private static let chainMark = ",\"chain\":\""
    private static let digestLength = 32

    /// Counts from 0.
    var number: Int
    /// The end of the last second that the files hold, from the start of the load.
    var timeSeconds: Double
    /// Whether the run was over, and nothing follows.
    var isLast: Bool
    /// The files that have grown since the seal before, by name.
    var files: [(name: String, content: Content)]
    /// A digest of this seal and all before it.
    private(set) var chain = ""

    private var json: JSONValue {
        .object([
            .init("seal", .integer(Int64(number))), .init("time_s", .number(timeSeconds)),
            .init("last", .bool(isLast)),
            .init(
                "files",
                .object(
                    files.map { name, content in
                        .init(
                            name,
                            .object([
                                .init("bytes", .integer(Int64(content.bytes))),
                                .init("lines", .integer(Int64(content.lines))),
                                .init("digest", .string(content.digest)),
                            ]))
                    })),
        ])
    }

    /// The line, without its end.
    var line: String { "\(json.text.dropLast())\(Self.chainMark)\(chain)\"}" }

    /// A seal from its parts.
    ///
    /// - Parameter chain: that of the seal before; empty for the first one.
    init(
        number: Int, timeSeconds: Double, isLast: Bool,
        files: [(name: String, content: Content)], after chain: String
    ) {
        self.number = number
        self.timeSeconds = timeSeconds
        self.isLast = isLast
        self.files = files
        self.chain = Self.chain(after: chain, json.text.dropLast())
    }

    /// Reads a line; `nil` if it is no seal that follows the one with this chain.
    init?(_ line: ArraySlice<UInt8>, after chain: String) {
        guard let text = String(validating: line, as: UTF8.self),
            let mark = text.range(of: Self.chainMark),
            text[mark.upperBound...].utf8.count == Self.digestLength + 2,
            let json = try? JSONValue(parsing: line),
            let own = json["chain"]?.string,
            own == Self.chain(after: chain, text[..<mark.lowerBound]),
            let number = json["seal"]?.integer, let time = json["time_s"]?.double,
            let isLast = json["last"]?.bool, let files = json["files"]?.object
        else { return nil }
        self.chain = own
        self.number = Int(number)
        timeSeconds = time
        self.isLast = isLast
        self.files = []
        for file in files {
            guard let bytes = file.value["bytes"]?.integer, bytes >= 0,
                let lines = file.value["lines"]?.integer, lines >= 0,
                let digest = file.value["digest"]?.string
            else { return nil }
            self.files.append(
                (file.name, Content(bytes: Int(bytes), lines: Int(lines), digest: digest)))
        }
    }

    /// The chain that a seal's line has, from the one before and its text up to the chain.
    private static func chain(after chain: String, _ text: Substring) -> String {
        var checksum = Checksum()
        for part in [chain[...], text] {
            var part = String(part)
            part.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
        }
        return checksum.seal
    }
}

extension StringProtocol {
    /// Where a short text is found first, byte by byte.
    fileprivate func range(of mark: String) -> Range<Index>? {
        let mark = Array(mark.utf8)
        var start = startIndex
        while let first = utf8[start...].firstIndex(of: mark[0]) {
            if utf8[first...].starts(with: mark) {
                return first..<utf8.index(first, offsetBy: mark.count)
            }
            start = utf8.index(after: first)
        }
        return nil
    }
}
