import Foundation

/// The package's folder.
struct PackageTree {
    /// Where the package stands.
    let root: URL

    /// The package that this test belongs to.
    static let own = PackageTree(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    /// Everything that is in version control and is text.
    func files() -> [SourceFile] {
        let manager = FileManager.default
        let entries = [
            "Package.swift", "README.md", ".ci", "Profiles", "Results/baselines", "Scripts",
            "Sources", "Tests", "docs",
        ]
        return entries.filter { manager.fileExists(atPath: root.appending(path: $0).path) }
            .flatMap { entry in
                let below = try? manager.subpathsOfDirectory(
                    atPath: root.appending(path: entry).path)
                return (below.map { $0.map { "\(entry)/\($0)" } } ?? [entry]).sorted()
            }
            .compactMap { path in text(path).map { SourceFile(path: path, text: $0) } }
    }

    /// A file's text; `nil` if there is no such file or it is not UTF-8.
    func text(_ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The folders of Sources.
    func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
            .filter { !$0.hasPrefix(".") }.sorted()
    }
}
