/// The seals of a run, read back: what each of its files must hold.
struct SealedFiles {
    /// What a file held at one time.
    private struct Checkpoint {
        var content: EvidenceSeal.Content
        var timeSeconds: Double
    }

    /// The files that a run may have and that seals are for.
    static let names = [
        "run.json", "series.ndjson", RunEvidence.eventsFile, "failures.ndjson", "latency.hlog",
        "due.ndjson", "silences.ndjson", "troughs.ndjson", "slow.ndjson", "heap.json",
        OperationLog.file,
    ]

    private var checkpoints: [String: [Checkpoint]] = [:]
    private let folder: String
    /// Whether the last seal is there: that the run was over, and nothing follows.
    private(set) var isFinished = false
    /// The end of the last second that is sealed, from the start of the load.
    private(set) var timeSeconds = 0.0
    /// What is wrong with the seals themselves, in words; `nil` if nothing is.
    private(set) var damage: String?

    /// Reads the seals of a folder, up to the first that is not as the run wrote it.
    ///
    /// - Throws: `EvidenceError` if the file is there and cannot be read.
    init(_ folder: String) throws(EvidenceError) {
        var found = SealedFiles(of: folder)
        var (chain, count) = ("", 0)
        _ = try LineReader("\(folder)/\(EvidenceSeal.file)").readLines {
            line, number throws(EvidenceError) in
            guard found.damage == nil else { return }
            guard !found.isFinished, let seal = EvidenceSeal(line, after: chain),
                seal.number == count
            else {
                found.damage =
                    "\(EvidenceSeal.file), line \(number), does not follow the lines before it: a "
                    + "line was changed, lost or repeated"
                return
            }
            (chain, count) = (seal.chain, count + 1)
            found.add(seal)
        }
        self = found
    }

    private init(of folder: String) { self.folder = folder }

    private mutating func add(_ seal: EvidenceSeal) {
        (isFinished, timeSeconds) = (seal.isLast, seal.timeSeconds)
        for file in seal.files {
            checkpoints[file.name, default: []].append(
                Checkpoint(content: file.content, timeSeconds: seal.timeSeconds))
        }
    }

    /// Whether the run was killed, as far as the seals tell: they are in order, and none is the
    /// last.
    var isOpen: Bool { !isFinished && damage == nil }

    /// Where the sealed part of a file ends, in bytes; `nil` if the file is to be read whole.
    ///
    /// A run that was killed may have written more than it could seal. Its events are read all the
    /// same: the last of them may say why it was, and it is void with them or without.
    func end(of name: String) -> Int? {
        guard isOpen, name != RunEvidence.eventsFile else { return nil }
        return checkpoints[name]?.last?.content.bytes ?? 0
    }

    /// What is wrong with the files, in words: at most one sentence for each of them.
    ///
    /// O(bytes of all files).
    ///
    /// - Throws: `EvidenceError` if a file cannot be read.
    func damagedFiles() throws(EvidenceError) -> [String] {
        var found = damage.map { [$0] } ?? []
        for name in Self.names {
            if let problem = try problem(of: name) { found.append(problem) }
        }
        return found
    }

    private func problem(of name: String) throws(EvidenceError) -> String? {
        let checkpoints = checkpoints[name] ?? []
        let path = "\(folder)/\(name)"
        guard EvidenceFile.exists(path) else {
            return checkpoints.isEmpty ? nil : "\(name) is missing"
        }
        let reader = try LineReader(path)
        var checksum = Checksum()
        var (offset, lines, time) = (0, 0, 0.0)
        for checkpoint in checkpoints {
            let end = checkpoint.content.bytes
            while offset < end {
                let piece = try reader.piece(at: offset, until: end)
                guard !piece.isEmpty else { break }
                piece.withUnsafeBytes { checksum.add($0) }
                offset += piece.count
            }
            guard offset == end, checksum.seal == checkpoint.content.digest else {
                return Self.words(
                    name, lines: lines + 1, to: checkpoint.content.lines, from: time,
                    until: checkpoint.timeSeconds)
            }
            (lines, time) = (checkpoint.content.lines, checkpoint.timeSeconds)
        }
        // Of a run that was killed, what is not sealed is not read; with broken seals nothing is
        // known of it.
        guard isFinished, damage == nil, try !reader.piece(at: offset).isEmpty else { return nil }
        return "\(name) has more than the \(lines) lines that the run wrote: a line was repeated "
            + "or added"
    }

    private static func words(
        _ name: String, lines first: Int, to last: Int, from start: Double, until end: Double
    ) -> String {
        let lines = first < last ? "lines \(first) to \(last)" : "line \(last)"
        let seconds =
            start < end
            ? " (\(RunEvidence.text(start)) s to \(RunEvidence.text(end)) s into the load)" : ""
        return "\(name), \(lines)\(seconds): a line was changed, lost or repeated"
    }
}
