import Foundation

/// A file that goes when the last reference to it goes.
final class TemporaryFile {
    let path: String

    init(_ text: String, ending: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "\(UUID())\(ending)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
