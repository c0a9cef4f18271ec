import FoundationEssentials
import Glibc
import SampleEvidence
import Testing

@testable import Evidence

@Suite struct RunFolderTests {
    @Test func `a folder is named after the time and the profile, and no two are alike`() throws {
        try TemporaryFolder.with { parent in
            let folders = try (0..<20).map { _ in
                try RunFolder.create(under: "\(parent)/new/ones", name: "Ever y/day é")
            }
            #expect(Set(folders.map(\.path)).count == 20)
            let id = try #require(folders.first?.id)
            #expect(id.contains(/^\d{8}T\d{6}Z-Ever-y-day---[0-9a-f]{4}$/), "\(id)")
            #expect(folders.first?.path == "\(parent)/new/ones/\(id)")
            #expect(access(folders.first?.path ?? "", W_OK) == 0)
        }
    }

    @Test(arguments: ["/proc/none", "/dev/null/x", "/proc"])
    func `a folder that cannot be made says so before any load`(parent: String) {
        do {
            let folder = try RunFolder.create(under: parent, name: "x")
            Issue.record("\(folder)")
        } catch {
            #expect(error.place == parent)
            #expect(error.message.hasPrefix("the results cannot be written: "))
            #expect(error.message.count > "the results cannot be written: ".count + 5)
            #expect(!error.message.hasSuffix("Success"), "\(error)")
            #expect(error.hint == "make the folder writable, or name another with --out DIR")
        }
    }

    @Test func `an error has its place, what happened and what to do on one line`() {
        let error = EvidenceError(place: "a/run.json:3", message: "is odd", hint: "look at it")
        #expect(error.description == "a/run.json:3: is odd; look at it")
    }

    @Test func `a write that fails names the file, the reason and the remedy`() throws {
        #expect {
            try EvidenceWriter.write("x", to: "/proc/none/verdict.json")
        } throws: { error in
            "\(error)"
                == "/proc/none/verdict.json: cannot be written: No such file or directory; "
                + "name another folder with --out DIR"
        }
        #expect {
            try EvidenceWriter.write("x", to: "/dev/full")
        } throws: { error in
            "\(error)"
                == "/dev/full: cannot be written: No space left on device; "
                + "free some room on this disk"
        }
    }
}
