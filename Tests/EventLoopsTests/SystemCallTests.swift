import Glibc
import Testing

@testable import EventLoops

@Suite struct SystemCallTests {
    /// A call that fails with these errnos in turn and then returns 5.
    private func result(_ numbers: [Int32]) -> SystemCallResult {
        var left = numbers[...]
        return systemCall {
            guard let number = left.popFirst() else { return 5 }
            errno = number
            return -1
        }
    }

    @Test func `a call goes again while it is interrupted`() {
        guard case .value(5) = result([EINTR, EINTR]) else {
            Issue.record("not a value")
            return
        }
    }

    @Test(arguments: [EAGAIN, EINPROGRESS])
    func `a would-block is a value`(number: Int32) {
        guard case .wouldBlock = result([EINTR, number]) else {
            Issue.record("not a would-block")
            return
        }
    }

    @Test func `any other failure is its errno`() {
        guard case .failed(ECONNREFUSED) = result([ECONNREFUSED]) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a bad descriptor is a bug`() async {
        await #expect(processExitsWith: .failure) {
            _ = systemCall { Int(close(-1)) }
        }
    }

    @Test func `an error names the call, its subject and the system's words`() {
        #expect(
            SystemCallError(call: "connect", number: ECONNREFUSED, subject: "127.0.0.1:1")
                .description == "connect 127.0.0.1:1: Connection refused")
        #expect(
            SystemCallError(call: "eventfd", number: EMFILE).description
                == "eventfd: Too many open files")
    }

    @Test func `the clock never goes back`() {
        var last = MonotonicClock.nowNanoseconds
        for _ in 0..<1000 {
            let now = MonotonicClock.nowNanoseconds
            #expect(now >= last)
            last = now
        }
    }
}
