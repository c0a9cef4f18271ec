import Testing

@testable import Profiles
@testable import Verdicts

@Suite struct JudgedClaimTests {
    @Test func `every claim that can be written is judged`() {
        for kind in Claims.all {
            #expect(kind is any JudgedClaim.Type, "\(kind.name)")
        }
    }
}
