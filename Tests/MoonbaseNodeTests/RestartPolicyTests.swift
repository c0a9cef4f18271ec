import Testing

@testable import MoonbaseNode

@Suite struct RestartPolicyTests {
    @Test func `a rare end is followed by a start at once`() {
        var policy = RestartPolicy()
        for _ in 0..<1000 {
            let answer1 = policy.ended(afterSeconds: 3)
            #expect(answer1 == .restart(afterMilliseconds: 0))
        }
    }

    @Test func `a crash loop slows down and ends`() {
        var policy = RestartPolicy()
        var delays: [Int] = []
        while case .restart(let delay) = policy.ended(afterSeconds: 0.05), delays.count < 100 {
            delays.append(delay)
        }
        #expect(delays == [0, 0, 0, 0, 0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000])
    }
}
