import EventLoops
import Glibc
import Testing

@Suite struct ParentProcessTests {
    @Test(arguments: [nil, "1", "no number", String(getppid())])
    func `a process goes on where its parent lives, is not known, or is not to be followed`(
        value: String?
    ) {
        let name = "LOADGEN_TEST_PARENT_\(UInt64.random(in: 0 ... .max))"
        if let value { setenv(name, value, 1) }
        // Signal 0 asks the kernel for none.
        #expect(ParentProcess.follow(name, signal: 0))
        #expect(getenv(name) == nil)
    }

    @Test func `a parent that has ended before it could be followed is noticed`() {
        let name = "LOADGEN_TEST_PARENT_\(UInt64.random(in: 0 ... .max))"
        setenv(name, String(Int32.max), 1)
        #expect(!ParentProcess.follow(name, signal: 0))
    }
}
