import Glibc
import Testing

@testable import Campaigns
@testable import Targets

@Suite struct ProbeLaunchTests {
    @Test func `a program is started with jemalloc, the probe and its folder`() throws {
        let launch = try ProbeLaunch(library: "/proc/self/exe", profilesHeap: true)
        defer { launch.remove() }
        let own = ["A": "b", "LD_PRELOAD": "own.so", "MALLOC_CONF": "narenas:1"]
        let environment = launch.environment(over: own)
        let libraries = environment["LD_PRELOAD"]?.split(separator: " ") ?? []
        #expect(libraries.count == 3 && libraries[0].contains("/libjemalloc.so"))
        #expect(libraries.dropFirst() == ["/proc/self/exe", "own.so"])
        #expect(environment["A"] == "b" && environment["LOADGEN_PROBE"] == launch.folder)
        #expect(environment["MALLOC_CONF"]?.hasPrefix("narenas:1,prof:true,") == true)
        #expect(access(launch.folder, W_OK) == 0)
        launch.remove()
        #expect(access(launch.folder, F_OK) != 0)
    }

    @Test func `without profiles jemalloc keeps its settings`() throws {
        let launch = try ProbeLaunch(library: "/proc/self/exe", profilesHeap: false)
        defer { launch.remove() }
        #expect(launch.environment(over: [:])["MALLOC_CONF"] == nil)
    }

    @Test func `a probe that is not there is said with what to do`() {
        #expect {
            _ = try ProbeLaunch(library: "/no/such/probe.so", profilesHeap: false)
        } throws: {
            "\($0)" == "the probe is not at /no/such/probe.so; build it with Scripts/build"
        }
    }

    /// The head of an ELF file of 64 bits with program headers of these types.
    private func head(_ types: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 + 56 * types.count)
        bytes.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
        bytes[32] = 64
        bytes[54] = 56
        bytes[56] = UInt8(types.count)
        for (index, type) in types.enumerated() { bytes[64 + 56 * index] = type }
        return bytes
    }

    @Test func `a file without an interpreter is statically linked`() {
        #expect(ProgramFile.isStatic(head([1, 1, 2])))
        #expect(!ProgramFile.isStatic(head([6, 3, 1])))
        #expect(!ProgramFile.isStatic(Array("#!/bin/sh".utf8)) && !ProgramFile.isStatic([]))
    }

    @Test func `programs of the system can be looked into, others say why not`() throws {
        #expect(ProgramFile.obstacle("sh") == nil)
        #expect(ProgramFile.obstacle("/no/such/program") == nil)
        let folder = "/tmp/loadgen-program-\(UInt64.random(in: 0 ... .max))"
        #expect(mkdir(folder, 0o755) == 0)
        defer {
            unlink("\(folder)/still")
            unlink("\(folder)/script")
            rmdir(folder)
        }
        try write(head([1]), to: "\(folder)/still")
        try write(Array("#!\(folder)/still -x\n".utf8), to: "\(folder)/script")
        for name in ["still", "script"] {
            #expect(
                ProgramFile.obstacle("\(folder)/\(name)")
                    == "\(folder)/still is statically linked, so nothing can be loaded into it")
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o755)
        try #require(descriptor >= 0)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }
}
