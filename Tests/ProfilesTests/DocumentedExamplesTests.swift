import Contracts
import FoundationEssentials
import Testing

@testable import Profiles

@Suite struct DocumentedExamplesTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        page = try String(
            contentsOfFile: root.appending(path: "docs/profiles.md").path, encoding: .utf8)
    }

    /// The examples of the page, with a load where they have none.
    private var examples: [String] {
        page.split(separator: "```yaml\n").dropFirst().map { part in
            let text = String(part[..<(part.firstRange(of: "```")?.lowerBound ?? part.endIndex)])
            let hasLoad = "\n\(text)".contains("\nload:")
            return hasLoad ? text : text + "\nload: [{ p: { rate: 1/s, for: 1s } }]\n"
        }
    }

    @Test func `every example is a valid profile`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "examples-\(UUID())")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in [
            ("users.csv", "name,password\na,b\n"), ("cart.json", "{}"), ("photo.png", "x"),
        ] {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        #expect(examples.count >= 4)
        for (index, text) in examples.enumerated() {
            var decoder = ProfileDecoder(folder: folder) { name throws(ContractError) in
                try Contract(builtIn: name)
            }
            #expect(throws: Never.self, "\(text)") {
                _ = try decoder.decode(text, file: "example \(index + 1)", name: "example")
            }
        }
    }

    @Test(arguments: [
        ProfileDecoder.scenarioKeys, ProfileDecoder.requestKeys, ProfileDecoder.expectKeys,
        DataFeed.Order.allCases.map(\.rawValue), SlotText.builtIns.map { "${\($0)}" },
        [
            "group: NAME", "if: CONDITION", "then", "else", "repeat: COUNT", "until: CONDITION",
            "think: DELAY", "method", "url", "path", "is not: TEXT", "equals: TEXT",
        ],
    ])
    func `every key has its place in a table`(keys: [String]) {
        for key in keys { #expect(page.contains("`\(key)`"), "\(key)") }
    }
}
