import CLinux
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

    @Test func `a direct call gives what the kernel returns`() throws {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
        defer { close(pair[0]) }
        let sent: [UInt8] = [7, 8]
        var bytes: [UInt8] = [0, 0, 0]
        guard case .wouldBlock = directCall({ linux_receive(pair[0], &bytes, 3) }),
            case .value(2) = directCall({ linux_send(pair[1], sent, 2) }),
            case .value(2) = directCall({ linux_receive(pair[0], &bytes, 3) })
        else {
            Issue.record("not the two bytes that were sent")
            return
        }
        #expect(bytes == [7, 8, 0])
        close(pair[1])
        guard case .failed(EPIPE) = directCall({ linux_send(pair[0], sent, 1) }),
            case .value(0) = directCall({ linux_receive(pair[0], &bytes, 3) })
        else {
            Issue.record("the end of the peer was not seen")
            return
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
        var last = MonotonicClock.system.nowNanoseconds
        for _ in 0..<1000 {
            let now = MonotonicClock.system.nowNanoseconds
            #expect(now >= last)
            last = now
        }
    }
}
