import EventLoops
import Testing

@testable import MoonbaseNode

@Suite(.timeLimit(.minutes(20))) struct StorageQueueTests {
    private static let limit = StorageQueue<Int>.maximumWaitNanoseconds

    @Test func `a queue that is too slow admits nothing until its oldest element is new again`() {
        var queue = StorageQueue<Int>()
        var admitted = [queue.admit(1, at: 0, most: 3), queue.admit(2, at: 10, most: 3)]
        admitted.append(queue.admit(3, at: Self.limit, most: 3))
        let whileFull = queue.admit(4, at: Self.limit, most: 3)
        let first = queue.popFirst(at: Self.limit)
        let whileSlow = queue.admit(4, at: Self.limit + 11, most: 3)
        let second = queue.popFirst(at: Self.limit + 11)
        admitted.append(queue.admit(4, at: Self.limit + 11, most: 3))
        queue.isClosed = true
        let whileClosed = queue.admit(5, at: Self.limit + 11, most: 3)
        #expect(admitted == [true, true, true, true])
        #expect([whileFull, whileSlow, whileClosed] == [false, false, false])
        #expect(first?.element == 1 && first?.isLate == false)
        #expect(second?.element == 2 && second?.isLate == true)
        #expect(queue.count == 2)
    }

    @Test func `at three times capacity all of capacity is used, and no wait exceeds the limit`() {
        var queue = StorageQueue<UInt64>()
        // A server takes 30 ms for each, and one comes every 10 ms, for a minute.
        let step: UInt64 = 10_000_000
        var (served, longest): (Int, UInt64) = (0, 0)
        for tick in 0..<6000 as Range<UInt64> {
            let now = tick * step
            _ = queue.admit(now, at: now, most: 10_000)
            guard tick % 3 == 0 else { continue }
            while let (since, isLate) = queue.popFirst(at: now) {
                if isLate { continue }
                served += 1
                longest = max(longest, now - since)
                break
            }
        }
        #expect(served == 2000)
        #expect(longest <= Self.limit)
    }

    /// What became of writes, by their number.
    private struct Ends: Sendable {
        var executed: [Int] = []
        var refused: [Int] = []
        var hasBegun = false
        var mayGoOn = false

        var count: Int { executed.count + refused.count }
    }

    @Test func `a write that has waited too long is refused and never carried out`() throws {
        let folder = DataFolder()
        let hand = ManualClock()
        var settings = Storage.Settings(folder: folder.path)
        settings.clock = hand.clock
        let storage = try Storage(settings)
        let ends = MoonbaseNode.Locked(Ends())
        func submit(_ number: Int, isPatient: Bool = false) throws(Refusal) {
            try storage.submit(
                Storage.Write(
                    body: { (_) throws(Refusal) in
                        if number == 0 {
                            ends.withLock { $0.hasBegun = true }
                            ends.signalAll()
                            ends.wait { $0.mayGoOn ? () : nil }
                        }
                        ends.withLock { $0.executed.append(number) }
                        return Change(answer: .text("ok"))
                    }, isPatient: isPatient
                ) { result in
                    if case .failure(let refusal) = result {
                        #expect(refusal.isOverload && refusal.answer.retryAfterSeconds == 1)
                        ends.withLock { $0.refused.append(number) }
                    }
                    ends.signalAll()
                })
        }
        try submit(0)
        ends.wait { $0.hasBegun ? () : nil }
        // The commit goes on while these wait.
        try submit(1)
        try submit(2, isPatient: true)
        hand.pass(Self.limit)
        try submit(3)
        hand.pass(1)
        #expect(throws: Refusal.overload(of: "writes")) { try submit(4) }
        ends.withLock { $0.mayGoOn = true }
        ends.signalAll()
        ends.wait { $0.count == 4 ? () : nil }
        #expect(ends.withLock { $0.executed } == [0, 2, 3])
        #expect(ends.withLock { $0.refused } == [1])
        #expect(storage.health.withLock { $0.refusedWrites } == 2)
        storage.close()
    }
}
