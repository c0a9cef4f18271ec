import Testing

@testable import MoonbaseNode

@Suite struct CircuitBreakerTests {
    private static let second: UInt64 = 1_000_000_000

    private func opened(at now: UInt64) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.maximumFailuresInRow { breaker.failed(at: now) }
        return breaker
    }

    @Test func `failures in a row open it, and one less do not`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.maximumFailuresInRow { breaker.failed(at: 0) }
        let answer1 = breaker.admits(at: 0)
        #expect(answer1)
        breaker.failed(at: 0)
        #expect(breaker.state == .open)
        let answer2 = breaker.admits(at: Self.second - 1)
        #expect(!answer2)
    }

    @Test func `half of the newest calls open it`() {
        var breaker = CircuitBreaker()
        for _ in 0..<20 {
            breaker.succeeded()
            breaker.failed(at: 0)
        }
        #expect(breaker.state == .open)
    }

    @Test func `half open lets one call through at a time`() {
        var breaker = opened(at: 0)
        let answer3 = breaker.admits(at: Self.second)
        #expect(answer3)
        #expect(breaker.state == .halfOpen)
        let answer4 = breaker.admits(at: Self.second)
        #expect(!answer4)
        breaker.withdraw()
        let answer5 = breaker.admits(at: Self.second)
        #expect(answer5)
    }

    @Test func `a probe closes it or opens it again`() {
        var breaker = opened(at: 0)
        _ = breaker.admits(at: Self.second)
        breaker.failed(at: Self.second)
        #expect(breaker.state == .open)
        let answer6 = breaker.admits(at: Self.second + Self.second - 1)
        #expect(!answer6)
        let answer7 = breaker.admits(at: 2 * Self.second)
        #expect(answer7)
        breaker.succeeded()
        #expect(breaker.state == .closed)
        #expect(breaker.isPristine)
    }

    @Test func `the retry budget runs out and comes back with time`() {
        var budget = RetryBudget()
        var spent = 0
        while budget.spend(at: 1), spent < 1000 { spent += 1 }
        #expect(spent < 20)
        let answer8 = budget.spend(at: 1 + 10 * Self.second)
        #expect(answer8)
    }

    @Test func `a retry's delay is within its exponential bound`() {
        var random = SplitMix(state: 7)
        for attempt in 2...12 {
            for _ in 0..<100 {
                let delay = RetryBudget.delayNanoseconds(before: attempt, using: &random)
                #expect(delay <= min(1_000_000_000, 20_000_000 << UInt64(attempt - 2)))
            }
        }
    }
}
