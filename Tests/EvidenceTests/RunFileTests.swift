import FoundationEssentials
import Glibc
import JSON
import Profiles
import SampleEvidence
import Testing

@testable import Evidence

@Suite struct RunFileTests {
    /// A profile with these files as its data, and one as a body.
    private func profile(_ files: [String], body: String? = nil) -> Profile {
        var profile = SampleRun(objectives: ["p(95) < 10ms", "error rate < 1%"]).profile
        profile.data = files.enumerated().map { DataFeed(name: "f\($0)", file: $1) }
        if let body {
            var step = RequestStep(operation: "ping")
            step.body = .file(body)
            var form = RequestStep(operation: "ping")
            form.body = .multipart([
                .init(name: "a", content: .file(body, name: "x")),
                .init(name: "b", content: .value("y")),
            ])
            profile.scenarios[0].steps += [.request(step), .request(form)]
        }
        return profile
    }

    private func description(_ profile: Profile) -> RunDescription {
        RunDescription(
            id: "r", profile: profile, target: "http://127.0.0.1:1", targetProcess: nil,
            command: [], threads: 1)
    }

    private func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    @Test
    func `a run's folder has its contract and its files, each once, under names of their own`()
        throws
    {
        try TemporaryFolder.with { parent in
            try FileManager.default.createDirectory(
                atPath: "\(parent)/other", withIntermediateDirectories: false)
            let paths = ["\(parent)/users.csv", "\(parent)/other/users.csv", "\(parent)/body"]
            for (path, text) in zip(paths, ["a,b\n1,2\n", "c\n", "abc"]) { try write(text, path) }
            #expect(chmod(paths[1], 0o600) == 0)
            let profile = profile([paths[0], paths[1], paths[0]], body: paths[2])
            let folder = try RunFolder.create(under: parent, name: "r")
            var description = description(profile)
            try description.keep(document: "openapi: 3.0.0", filesOf: profile, in: folder)
            #expect(description.files.map(\.path) == paths)
            #expect(
                description.files.map(\.copy) == [
                    "data/users.csv", "data/2-users.csv", "data/body",
                ])
            #expect(description.files.map(\.sizeBytes) == [8, 2, 3])
            #expect(
                description.files[2].sha256
                    == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            for (file, path) in zip(description.files, paths) {
                let copy = "\(folder.path)/\(try #require(file.copy))"
                #expect(FileManager.default.contentsEqual(atPath: copy, andPath: path))
            }
            var status = stat()
            #expect(stat("\(folder.path)/data/2-users.csv", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
            let document = try String(
                contentsOfFile: "\(folder.path)/contract.yaml", encoding: .utf8)
            #expect(document == "openapi: 3.0.0")
            #expect(description.contract?.sha256 == Checksum.hexadecimal(of: document))
            let json = try JSONValue(parsing: description.json.text.utf8)
            #expect(json["contract_sha256"]?.string == description.contract?.sha256)
            #expect(json["profile_sha256"]?.string?.count == 64)
            #expect(try RunDescription(json: json) == description)
        }
    }

    @Test func `a large file is named and hashed, a pipe is only named`() throws {
        try TemporaryFolder.with { parent in
            let (large, pipe) = ("\(parent)/large", "\(parent)/pipe")
            let size = RunFolder.maximumCopiedBytes + 1
            try write("", large)
            #expect(truncate(large, off_t(size)) == 0 && mkfifo(pipe, 0o600) == 0)
            let profile = profile([large, pipe])
            let folder = try RunFolder.create(under: parent, name: "r")
            let files = try folder.keepFiles(of: profile)
            var zeros = Checksum()
            [UInt8](repeating: 0, count: size).withUnsafeBytes { zeros.add($0) }
            let hash = zeros.hexadecimal()
            #expect(
                files == [
                    RunFile(path: large, sizeBytes: size, sha256: hash), RunFile(path: pipe),
                ])
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/data"))
            #expect(throws: EvidenceError.self) {
                try folder.keepFiles(of: self.profile(["\(parent)/none"]))
            }
        }
    }

    @Test func `objectives are the run's own by their hash, or by themselves where it has none`()
        throws
    {
        let profile = profile([])
        let description = description(profile)
        var other = profile
        other.description = "another"
        #expect(description.hasObjectives(of: other))
        other.objectives.removeLast()
        #expect(!description.hasObjectives(of: other))
        // Evidence of earlier versions.
        let text = description.json.text.replacing("_sha256", with: "_other")
        let old = try RunDescription(json: try JSONValue(parsing: text.utf8))
        #expect(old.objectivesSHA256 == nil && old.files.isEmpty)
        #expect(old.hasObjectives(of: profile) && !old.hasObjectives(of: other))
    }
}
