import CLinux
import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(20))) struct LevelWatchTests {
    /// Keeps what its descriptor was ready for; leaves the bytes where they are.
    private final class Witness: EventHandler {
        var readable = 0
        var writable = 0
        func handle(_ readiness: Readiness) {
            if readiness.isReadable { readable += 1 }
            if readiness.isWritable { writable += 1 }
        }
    }

    /// Keeps when it was called, and asks for one more call each time.
    private final class Clockwork: TimerHandler {
        var calls: [UInt64] = []
        let again: (Clockwork) -> Void
        init(again: @escaping (Clockwork) -> Void) { self.again = again }
        func timerFired(at now: UInt64) {
            calls.append(now)
            again(self)
        }
    }

    private func turns(_ count: Int, of loop: EventLoop) async {
        for _ in 0..<count { await loop.turn() }
    }

    @Test
    func `a level-triggered watch tells again until the bytes are read, of its interests only`()
        async throws
    {
        let loop = try EventLoop(name: "level")
        defer { loop.stop() }
        try await withTaskExecutorPreference(loop) {
            var ends: [Int32] = [0, 0]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            defer { for end in ends { close(end) } }
            let witness = Witness()
            try loop.watch(ends[0], for: .read, handler: witness)
            await turns(2, of: loop)
            #expect(witness.readable == 0 && witness.writable == 0)
            _ = write(ends[1], "x", 1)
            await turns(3, of: loop)
            #expect(witness.readable == 3 && witness.writable == 0)
            loop.change(ends[0], to: .write)
            await turns(1, of: loop)
            let readable = witness.readable
            await turns(3, of: loop)
            #expect(witness.readable == readable && witness.writable == 4)
            loop.forget(ends[0])
            let writable = witness.writable
            await turns(2, of: loop)
            #expect(witness.writable == writable)
        }
    }

    @Test func `a timer calls once, not early, and may ask for the next call`() async throws {
        let loop = try EventLoop(name: "timer")
        defer { loop.stop() }
        await withTaskExecutorPreference(loop) {
            let start = MonotonicClock.system.nowNanoseconds
            let once = Clockwork { _ in }
            let thrice = Clockwork { clockwork in
                guard clockwork.calls.count < 3 else { return }
                loop.call(clockwork, at: start + UInt64(clockwork.calls.count + 1) * 3_000_000)
            }
            loop.call(once, at: start + 5_000_000)
            loop.call(thrice, at: start + 3_000_000)
            while once.calls.isEmpty || thrice.calls.count < 3 { await loop.turn() }
            await turns(3, of: loop)
            #expect(once.calls.count == 1)
            #expect(once.calls.allSatisfy { $0 >= start + 5_000_000 })
            #expect(thrice.calls.count == 3)
            #expect(
                thrice.calls.indices.allSatisfy {
                    thrice.calls[$0] >= start + UInt64($0 + 1) * 3_000_000
                })
        }
    }
}
