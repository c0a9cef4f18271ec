import Glibc

/// A file of lines, read a piece at a time and as often as wanted; open as long as this lives.
final class LineReader: Sendable {
    private let path: String
    private let descriptor: Int32

    private static let pieceBytes = 1 << 20

    /// Opens it.
    ///
    /// - Throws: `EvidenceError` where it cannot be read.
    init(_ path: String) throws(EvidenceError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw Self.missing(path) }
    }

    deinit { close(descriptor) }

    /// Gives each line that is not empty, without its end, and its number from 1.
    ///
    /// - Returns: whether there is a last line without an end, which is left out.
    /// - Throws: `EvidenceError` where the file cannot be read, and what `body` throws.
    func readLines(
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(EvidenceError) -> Void
    ) throws(EvidenceError) -> Bool {
        var rest: ArraySlice<UInt8> = []
        var number = 0
        var offset = 0
        while true {
            let piece = try piece(at: offset)
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
        }
    }

    private func piece(at offset: Int) throws(EvidenceError) -> [UInt8] {
        var count = -1
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, filled in
            repeat {
                count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        guard count >= 0 else { throw Self.missing(path) }
        return piece
    }

    static func missing(_ path: String) -> EvidenceError {
        EvidenceError(
            place: path, message: "cannot be read",
            hint: "give the folder of a run, as in Results/runs/20261124T101500Z-smoke-4f2a")
    }
}
