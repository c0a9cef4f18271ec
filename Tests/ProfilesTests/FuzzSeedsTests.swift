import Contracts
import Foundation
import Testing

@testable import Profiles

@Suite struct FuzzSeedsTests {
    /// From one that is refused, `Scripts/fuzz profile` would not come far.
    @Test func `every seed of the fuzzer is a profile, and short enough to be taken whole`() throws
    {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzz/Profile/seeds").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count >= 5)
        for name in names {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            #expect(text.utf8.count <= 2048, "\(name)")
            var decoder = ProfileDecoder { name throws(ContractError) in
                try Contract(builtIn: name)
            }
            #expect(throws: Never.self) { try decoder.decode(text, file: name, name: name) }
        }
    }
}
