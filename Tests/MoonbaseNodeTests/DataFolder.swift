import Foundation

@testable import MoonbaseNode

/// A folder for a test, removed with it.
final class DataFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "moonbase-\(UUID())").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func storage() throws -> Storage { try Storage(Storage.Settings(folder: path)) }
}
