import Foundation
import Glibc
import Testing

@testable import EventLoops

@Suite(.serialized) struct DescriptorsTests {
    @Test func `the limit is raised to the hard one, and never lowered`() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #expect(Descriptors.raiseLimit(to: 1) >= 1)
        let raised = Descriptors.raiseLimit()
        #expect(getrlimit(resource, &limit) == 0)
        #expect(raised == Int(clamping: limit.rlim_max))
        #expect(Descriptors.raiseLimit(to: 1) == raised)
    }

    @Test func `open files are as many as their names`() throws {
        // A child that has answered opens nothing more.
        let (child, input, output) = (Process(), Pipe(), Pipe())
        child.executableURL = URL(fileURLWithPath: "/bin/cat")
        (child.standardInput, child.standardOutput) = (input, output)
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        input.fileHandleForWriting.write(Data("here".utf8))
        #expect(output.fileHandleForReading.availableData == Data("here".utf8))
        let id = String(child.processIdentifier)
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd")
        #expect(names.count >= 3)
        #expect(Descriptors.count(openIn: id) == names.count)
        #expect(Descriptors.entries(of: "/proc/\(id)/fd") == names.count)
        #expect(Descriptors.count(openIn: "0") == nil)
    }

    @Test func `room is made without a file that stays open`() {
        // The limit is put back to what it was; other tests need the raised one.
        let limit = Descriptors.raiseLimit()
        Descriptors.reserve()
        #expect(fcntl(Int32(min(limit, 16_384)) - 1, F_GETFD) == -1)
        var after = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &after) == 0)
        #expect(Int(clamping: after.rlim_cur) == limit)
    }
}
