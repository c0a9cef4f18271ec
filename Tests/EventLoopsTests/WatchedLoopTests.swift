import Testing

@testable import EventLoops

@Suite(.timeLimit(.minutes(20))) struct WatchedLoopTests {
    @Test func `another thread sees whether a loop works or waits, and its turns`() async throws {
        let loop = try EventLoop(name: "watched")
        defer { loop.stop() }
        var before = loop.rounds
        for _ in 0..<3 {
            let inside = await withTaskExecutorPreference(loop) { loop.rounds }
            #expect(inside % 2 == 1 && inside > before)
            before = inside
            while loop.rounds % 2 == 1 { await Task.yield() }
            #expect(loop.rounds > inside)
        }
    }

    @Test func `another thread sees the CPU time that a loop uses`() async throws {
        let loop = try EventLoop(name: "working")
        defer { loop.stop() }
        let before = loop.processorNanoseconds
        let used = await withTaskExecutorPreference(loop) {
            var meter = loop.processorNanoseconds
            while meter < before + 1_000_000 { meter = loop.processorNanoseconds }
            return meter
        }
        #expect(loop.processorNanoseconds >= used)
    }
}
