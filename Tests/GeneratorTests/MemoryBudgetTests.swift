import Testing

@testable import Exchanges
@testable import Generator

@Suite struct MemoryBudgetTests {
    /// Takes a body in pieces of so many bytes.
    private func take(_ count: Int, into exchange: Exchange, piece: Int = 1000) -> AnswerProblem? {
        let bytes = [UInt8](repeating: 7, count: piece)
        for start in stride(from: 0, to: count, by: piece) {
            let part = min(piece, count - start)
            let problem = bytes.withUnsafeBytes {
                exchange.takeBody(UnsafeRawBufferPointer(rebasing: $0[..<part]))
            }
            if let problem { return problem }
        }
        return nil
    }

    @Test func `no more is reserved than there is, and what is released can be reserved again`() {
        let budget = MemoryBudget(limitBytes: 100)
        #expect(budget.reserve(60) && budget.isScarce)
        #expect(!budget.reserve(41) && budget.usedBytes == 60)
        #expect(budget.reserve(40) && budget.reserve(0) && !budget.reserve(1))
        budget.release(100)
        #expect(budget.usedBytes == 0 && !budget.isScarce)
        #expect(!budget.reserve(.max))
    }

    @Test func `bodies of all exchanges have one budget`() {
        let budget = MemoryBudget(limitBytes: 1 << 20)
        let first = Exchange(memory: budget)
        let second = Exchange(memory: budget)
        #expect(take(500_000, into: first) == nil)
        #expect(take(600_000, into: second) == .overBudget)
        #expect(budget.usedBytes <= 1 << 20)
        // What is given back is there for others.
        first.giveBack()
        second.giveBack()
        #expect(budget.usedBytes <= 2 * 64 << 10)
        second.prepare(due: 0, deadline: 0)
        #expect(take(400_000, into: second) == nil && second.body.count == 400_000)
    }

    @Test func `a body that nobody reads is counted, and its beginning is kept`() {
        let budget = MemoryBudget(limitBytes: 64 << 10)
        let exchange = Exchange(memory: budget)
        exchange.keptBodyBytes = 2500
        #expect(take(60_000_000, into: exchange, piece: 60_000) == nil)
        #expect(exchange.bodyCount == 60_000_000 && exchange.body.count == 2500)
        #expect(budget.usedBytes < 8192)
    }

    @Test(arguments: [2500, Int.max])
    func `a body above the limit is malformed, whether it is kept or not`(kept: Int) {
        let exchange = Exchange()
        exchange.keptBodyBytes = kept
        #expect(take(64 << 20, into: exchange, piece: 1 << 20) == nil)
        #expect(take(1, into: exchange, piece: 1) == .bodyTooLarge)
    }

    @Test
    func `an announced length is believed once there is a body, and is no more than the limit`() {
        let budget = MemoryBudget(limitBytes: 1 << 30)
        let exchange = Exchange(memory: budget)
        exchange.announcedBodyBytes = .max
        #expect(take(60_000, into: exchange) == nil && budget.usedBytes < 200_000)
        #expect(take(90_000, into: exchange) == nil && budget.usedBytes == 64 << 20)
    }

    @Test func `an exchange that ends gives back all that it has`() {
        let budget = MemoryBudget(limitBytes: 1 << 20)
        do {
            let exchange = Exchange(memory: budget)
            #expect(take(100_000, into: exchange) == nil && budget.usedBytes > 0)
        }
        #expect(budget.usedBytes == 0)
    }

    @Test func `header fields have the same budget`() {
        let exchange = Exchange(memory: MemoryBudget(limitBytes: 1000))
        let name = Array("x".utf8)
        var problem: AnswerProblem?
        for _ in 0..<100 where problem == nil {
            name.withUnsafeBytes { exchange.headers.appendName($0) }
            exchange.headers.endField()
            problem = exchange.countHeaders()
        }
        #expect(problem == .overBudget)
    }
}
