import Foundation
import Testing

@Suite struct TreeTests {
    private static let files = PackageTree.own.files()

    @Test(arguments: Rule.all) func `every file keeps the rule`(rule: Rule) {
        #expect(Self.files.count > 20, "the package's files were not found")
        for finding in Self.files.flatMap(rule.check) { Issue.record("\(finding)") }
    }

    @Test func `every target has its row in the architecture`() throws {
        let page = try #require(PackageTree.own.text("docs/architecture.md"))
        let targets = try PackageTree.own.targets()
        for finding in undescribedTargets(targets, architecture: page) {
            Issue.record("\(finding)")
        }
    }

    @Test func `no folder is too full`() {
        for finding in fullFolders(Self.files.map(\.path)) {
            Issue.record("\(finding)")
        }
    }

    @Test func `the drawing of rooms is that of the package`() throws {
        let script = Process()
        script.executableURL = PackageTree.own.root.appending(path: "Scripts/rooms")
        script.arguments = ["--check"]
        try script.run()
        script.waitUntilExit()
        #expect(script.terminationStatus == 0, "Scripts/rooms draws it")
    }

    @Test func `every package has its row among the dependencies`() throws {
        let page = try #require(PackageTree.own.text("docs/dependencies.md"))
        let list = try #require(PackageTree.own.text("Scripts/packages.txt"))
        let file = SourceFile(path: "Scripts/packages.txt", text: list)
        for finding in undescribedPackages(file, dependencies: page) {
            Issue.record("\(finding)")
        }
    }
}
