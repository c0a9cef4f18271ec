import FoundationEssentials
import Glibc
import Targets

/// A folder that a run's target has its data in, and that ends with the run.
struct TemporaryFolder {
    let path: String

    /// - Throws: `CampaignError` if it cannot be made.
    init() throws(CampaignError) {
        let parent = FileManager.default.temporaryDirectory.path
        var name = Array("\(parent)/loadgen-target-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            throw CampaignError(
                .failure, "no folder in \(parent): \(String(cString: strerror(errno)))",
                hint: "name another one by TMPDIR")
        }
        path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
