import Foundation
import Glibc
import Measurements
import Testing

@testable import Collector

@Suite struct ProcessTreeTests {
    /// A listening socket on a free port of this machine, for the time of `body`.
    private func withListener(_ body: (_ port: Int) throws -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0, listen(descriptor, 1) == 0,
                    getsockname(descriptor, generic, &length) == 0
                else { return 0 }
                return Int(pointer.pointee.sin_port.bigEndian)
            }
        }
        try #require(port > 0)
        try body(port)
    }

    @Test func `the process that listens at a port is found`() throws {
        try withListener { port in
            let tree = try #require(ProcessTree.listening(on: port))
            #expect(tree.members.contains(getpid()))
            #expect(tree.roots.count == 1)
        }
    }

    @Test func `the kernel's list of listeners and that of proc are the same`() throws {
        try withListener { port in
            let asked = try #require(
                ListeningSockets.inodes(port: port, family: UInt8(AF_INET)))
            let listed = ListeningSockets.listed(port: port, in: "/proc/net/tcp")
            #expect(asked.map { "socket:[\($0)]" } == listed && listed.count == 1)
            #expect(ListeningSockets.names(port: port) == Set(listed))
            #expect(ListeningSockets.inodes(port: port, family: UInt8(AF_INET6)) == [])
        }
    }

    @Test func `nobody listens at port 1, and no such process has no members`() {
        #expect(ProcessTree.listening(on: 1) == nil)
        #expect(ProcessTree(roots: [Int32.max]).members.isEmpty)
    }

    @Test func `a tree of this process's parent has this process`() {
        #expect(ProcessTree(roots: [getppid()]).members.contains(getpid()))
        #expect(ProcessTree(roots: [getpid()]).members.contains(getpid()))
    }

    @Test func `a thorough look sees sockets and memory by pages`() throws {
        try withListener { _ in
            let reading = ProcessReader.readProcess("self", isThorough: true)
            #expect(try #require(reading.sockets) >= 1)
            let anonymous = try #require(reading.anonymousBytes)
            #expect(anonymous > 1 << 20 && anonymous % 4096 == 0)
            #expect(try #require(reading.proportionalBytes) > 1 << 20)
            #expect(try #require(reading.startSeconds) > 0)
        }
        #expect(ProcessReader.readProcess("self").sockets == nil)
    }

    /// This process opens and closes files meanwhile; a child that has answered does not.
    @Test func `the sockets of another process are counted among its files`() throws {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/cat")
        child.standardInput = FileHandle(fileDescriptor: ends[0])
        child.standardOutput = FileHandle(fileDescriptor: ends[0])
        try child.run()
        close(ends[0])
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            close(ends[1])
        }
        var byte: UInt8 = 7
        #expect(write(ends[1], &byte, 1) == 1 && read(ends[1], &byte, 1) == 1 && byte == 7)
        let id = String(child.processIdentifier)
        let reading = ProcessReader.readProcess(id, isThorough: true)
        let files = FileManager.default
        let names = try files.contentsOfDirectory(atPath: "/proc/\(id)/fd")
        let targets = try names.map {
            try files.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\($0)")
        }
        #expect(reading.sockets == targets.count { $0.hasPrefix("socket:") })
        #expect(try #require(reading.sockets) >= 2 && reading.openFiles == names.count)
    }
}
