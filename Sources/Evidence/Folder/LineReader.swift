import Glibc

/// A file of lines, read a piece at a time and as often as wanted; open as long as this lives.
final class LineReader: Sendable {
    private let path: String
    private let descriptor: Int32

    private static let pieceBytes = 1 << 20
    /// A longer line is none of a run: 16 MiB.
    private static let maximumLineBytes = 16 << 20

    /// Opens it.
    ///
    /// - Throws: `EvidenceError` if it is no regular file that can be read.
    init(_ path: String) throws(EvidenceError) {
        self.path = path
        descriptor = try EvidenceFile.open(path)
    }

    deinit { close(descriptor) }

    /// Gives each line that is not empty, without its end, and its number from 1.
    ///
    /// - Parameter end: where the file ends for this call, in bytes; `nil` for its own end.
    /// - Returns: whether there is a last line without an end, which is left out.
    /// - Throws: `EvidenceError` where the file cannot be read, and what `body` throws.
    func readLines(
        until end: Int? = nil,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(EvidenceError) -> Void
    ) throws(EvidenceError) -> Bool {
        var rest: ArraySlice<UInt8> = []
        var number = 0
        var offset = 0
        while true {
            let piece = try piece(at: offset, until: end)
            guard !piece.isEmpty else { return !rest.isEmpty }
            offset += piece.count
            let bytes = rest.isEmpty ? piece : Array(rest + piece)
            var searched = rest.count
            var start = 0
            while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                if end > start { try body(bytes[start..<end], number) }
                start = end + 1
                searched = start
            }
            rest = bytes[start...]
            guard rest.count <= Self.maximumLineBytes else {
                throw EvidenceError(
                    place: "\(path):\(number + 1)",
                    message: "longer than \(Self.maximumLineBytes >> 20) MiB, which no line is",
                    hint: "the evidence was changed, or another program wrote it")
            }
        }
    }

    /// The bytes from an offset on, as many as are read at once; none at the end.
    ///
    /// - Throws: `EvidenceError` if the file cannot be read.
    func piece(at offset: Int, until end: Int? = nil) throws(EvidenceError) -> [UInt8] {
        let size = min(Self.pieceBytes, max(0, (end ?? .max) - offset))
        guard size > 0 else { return [] }
        var count = -1
        let piece = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            repeat {
                count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        guard count >= 0 else {
            throw EvidenceFile.unreadable(path, RunFolder.words(of: errno))
        }
        return piece
    }
}
