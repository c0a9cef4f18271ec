import Glibc
public import Profiles

extension RunFolder {
    /// A file above this size is named with its hash, and not copied: 16 MiB.
    static let maximumCopiedBytes = 16 << 20

    /// Copies every file of rows and bodies that a profile names into `data/`, each once.
    ///
    /// Files are copied as they are. What a profile takes from the environment, and the keys and
    /// certificates of its connections, are in none of them.
    ///
    /// - Throws: `EvidenceError` if one cannot be read or written.
    public func keepFiles(of profile: Profile) throws(EvidenceError) -> [RunFile] {
        var files: [RunFile] = []
        for source in profile.files where !files.contains(where: { $0.path == source }) {
            let own = source.split(separator: "/").last.map(String.init) ?? "file"
            var name = own
            var number = 2
            // Ends at the latest when there is a number for each file.
            while files.contains(where: { $0.copy == "data/\(name)" }) {
                name = "\(number)-\(own)"
                number += 1
            }
            files.append(try keep(source, as: "data/\(name)"))
        }
        return files
    }

    /// Copies a file, and hashes it on the way.
    private func keep(_ source: String, as name: String) throws(EvidenceError) -> RunFile {
        // A pipe was read when the run was made ready, and would be waited for here.
        let input = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard input >= 0 else { throw Self.unreadable(source) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0 else { throw Self.unreadable(source) }
        guard status.st_mode & S_IFMT == S_IFREG else { return RunFile(path: source) }
        var output: Int32 = -1
        let isCopied = status.st_size <= Self.maximumCopiedBytes
        if isCopied {
            if mkdir("\(path)/data", 0o700) != 0, errno != EEXIST { throw unwritable(name) }
            output = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard output >= 0 else { throw unwritable(name) }
        }
        defer { if isCopied { close(output) } }
        var checksum = Checksum()
        var size = 0
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = piece.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.unreadable(source) }
            if count == 0 { break }
            size += count
            piece.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            if isCopied, !Self.write(piece[..<count], to: output) { throw unwritable(name) }
        }
        return RunFile(
            path: source, copy: isCopied ? name : nil, sizeBytes: size,
            sha256: checksum.hexadecimal())
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to output: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func unreadable(_ source: String) -> EvidenceError {
        EvidenceError(
            place: source, message: "cannot be read: \(words(of: errno))",
            hint: "the profile takes it for its requests, and the run's folder has a copy")
    }

    private func unwritable(_ name: String) -> EvidenceError {
        let number = errno
        return EvidenceError(
            place: "\(path)/\(name)", message: "cannot be written: \(Self.words(of: number))",
            hint: number == ENOSPC
                ? "free some room on this disk" : "name another folder with --out DIR")
    }
}
