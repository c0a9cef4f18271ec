import Glibc
import Testing

@testable import EventLoops

@Suite struct DescriptorsTests {
    @Test func `the limit is raised to the hard one, and never lowered`() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #expect(Descriptors.raiseLimit(to: 1) >= 1)
        let raised = Descriptors.raiseLimit()
        #expect(getrlimit(resource, &limit) == 0)
        #expect(raised == Int(clamping: limit.rlim_max))
        #expect(Descriptors.raiseLimit(to: 1) == raised)
    }

    @Test func `room is made without a file that stays open`() {
        Descriptors.reserve()
        #expect(fcntl(Int32(min(Descriptors.raiseLimit(), 16_384)) - 1, F_GETFD) == -1)
    }
}
