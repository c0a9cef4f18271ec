import Profiles
import Testing

@testable import Campaigns

@Suite struct RepeatedRunTests {
    @Test func `each run has a seed of its own, the first one the profile's`() {
        var profile = Profile(
            name: "p", load: [], scenarios: [Scenario(name: "s", steps: [Step(operation: "ping")])])
        profile.seed = .max - 1
        let seeds = (1...4).map { RepeatedRun.profile(profile, number: $0).seed }
        #expect(seeds == [.max - 1, .max, 0, 1])
    }
}
