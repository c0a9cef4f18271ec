import Exchanges
import Profiles
import Testing

@testable import Campaigns
@testable import Targets

@Suite struct HeadroomTests {
    private func profile(
        _ model: any LoadModel, inFlight: Int = 2000, connections: Int? = nil
    ) -> Profile {
        Profile(
            name: "test", load: [Phase(name: "p", model: model, duration: .seconds(1))],
            scenarios: [Scenario(name: "a", steps: [Step(operation: "ping")])],
            limits: Limits(inFlight: inFlight, connections: connections))
    }

    @Test(
        arguments: [
            (ConstantUsers(900), nil, true), (ConstantUsers(1000), nil, false),
            (ConstantUsers(1000), 900, true),
            (ConstantArrivalRate(Rate(perSecond: 1), .constant), nil, false),
            (ConstantArrivalRate(Rate(perSecond: 1), .constant), 900, true),
        ] as [(any LoadModel, Int?, Bool)])
    func `connections must fit into the descriptors`(
        model: any LoadModel, connections: Int?, fits: Bool
    ) throws {
        let profile = profile(model, connections: connections)
        if fits {
            // Every generator loop has descriptors of its own.
            #expect(throws: CampaignError.self) {
                try Headroom.check(profile, threads: 32, descriptors: 1024)
            }
            return try Headroom.check(profile, threads: 1, descriptors: 1024)
        }
        let error = #expect(throws: CampaignError.self) {
            try Headroom.check(profile, threads: 1, descriptors: 1024)
        }
        #expect(error?.description.contains("at most 960") == true)
    }

    @Test func `as many may be under way as arrivals in flight and users`() {
        #expect(Headroom.maximumAtOnce(profile(ConstantUsers(5000))) == 5000)
        var both = profile(ConstantArrivalRate(Rate(perSecond: 1), .constant), inFlight: 300)
        #expect(Headroom.maximumAtOnce(both) == 300)
        both.load.append(Phase(name: "q", model: ConstantUsers(40), duration: .seconds(1)))
        #expect(Headroom.maximumAtOnce(both) == 340)
    }

    @Test func `more connections than an address has ports need more addresses`() throws {
        var profile = profile(ConstantUsers(70_000))
        let error = #expect(throws: CampaignError.self) {
            try Headroom.check(profile, threads: 1, descriptors: 1_000_000)
        }
        #expect(error?.description.contains("source addresses") == true)
        profile.network.sourceAddresses = ["127.0.0.1-127.0.0.8"]
        try Headroom.check(profile, threads: 1, descriptors: 1_000_000)
    }
}
