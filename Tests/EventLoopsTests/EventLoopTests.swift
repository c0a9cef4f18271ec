import CLinux
import Foundation
import Glibc
import Testing

@testable import EventLoops

@Suite(.timeLimit(.minutes(20))) struct EventLoopTests {
    /// Runs `body` on a loop of its own, and stops it.
    func withLoop<Value: Sendable>(
        _ body: @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        return try await withTaskExecutorPreference(loop) { try await body(loop) }
    }

    @Test func `a task that prefers a loop runs on its thread, and others do not`() async throws {
        let loop = try EventLoop(name: "named")
        defer { loop.stop() }
        #expect(!loop.isCurrent)
        let name = await withTaskExecutorPreference(loop) {
            #expect(loop.isCurrent)
            let file = open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            var text = [UInt8](repeating: 0, count: 16)
            let count = read(file, &text, text.count)
            return String(decoding: text.prefix(max(0, count)), as: UTF8.self)
        }
        #expect(name == "named\n")
        #expect(!loop.isCurrent)
    }

    /// Readable without end, and handled for 10 ms; the first one asks for a call at once.
    private final class LongHandler: EventHandler, TimerHandler {
        let loop: EventLoop
        var order: [String] = []
        init(_ loop: EventLoop) { self.loop = loop }

        func handle(_ readiness: Readiness) {
            if order.isEmpty { loop.call(self, at: loop.nowNanoseconds) }
            order.append("event")
            let end = loop.nowNanoseconds + 10_000_000
            while loop.nowNanoseconds < end {}
        }

        func timerFired(at now: UInt64) { order.append("timer") }
    }

    @Test func `a timer does not wait for all events of a turn that takes long`() async throws {
        let order = try await withLoop { loop in
            let handler = LongHandler(loop)
            let descriptors = (0..<24).map { _ in eventfd(1, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
            for descriptor in descriptors { try loop.watch(descriptor, handler: handler) }
            while handler.order.count(where: { $0 == "event" }) < descriptors.count {
                await loop.sleep(until: loop.nowNanoseconds + 1_000_000)
            }
            for descriptor in descriptors {
                loop.forget(descriptor)
                close(descriptor)
            }
            return handler.order
        }
        #expect(order.count { $0 == "event" } == 24)
        #expect(order.firstIndex(of: "timer").map { $0 < order.count - 1 } == true, "\(order)")
    }

    @Test func `a loop behind others finishes what it waits and works for`() async throws {
        try await withLoop { loop in
            loop.runBehindOthers()
            #expect(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) == 10)
            // Work over many rings, then a blocking call that they interrupt.
            let start = loop.nowNanoseconds
            while loop.nowNanoseconds < start + 5_000_000 {}
            var ends: [Int32] = [0, 0]
            #expect(pipe2(&ends, O_CLOEXEC) == 0)
            let (reader, writer) = (ends[0], ends[1])
            let other = try EventLoop(name: "other")
            defer { other.stop() }
            let sent = Task(executorPreference: other) {
                await other.sleep(until: other.nowNanoseconds + 5_000_000)
                var byte: UInt8 = 7
                return write(writer, &byte, 1)
            }
            var byte: UInt8 = 0
            #expect(read(reader, &byte, 1) == 1 && byte == 7)
            #expect(await sent.value == 1)
            await loop.sleep(until: loop.nowNanoseconds + 1_000_000)
            close(reader)
            close(writer)
        }
    }

    @Test func `a loop goes first only where it is asked to and permitted to`() async throws {
        try await withLoop { loop in
            #expect(!loop.runPromptly())
            #expect(sched_getscheduler(0) & ~0x4000_0000 == SCHED_OTHER)
            // The flag keeps it from what the thread starts.
            let isFirst = loop.runPromptly(atRealTime: true)
            #expect(sched_getscheduler(0) == (isFirst ? SCHED_RR | 0x4000_0000 : SCHED_OTHER))
            await loop.sleep(until: loop.nowNanoseconds + 1_000_000)
        }
    }

    @Test func `processors are a thread's own where it may not have all`() async throws {
        try await withLoop { _ in
            let files = FileManager.default
            let link = try files.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            let thread = try #require(link.split(separator: "/").last)
            let status = try String(contentsOfFile: "/proc/\(link)/status", encoding: .utf8)
            let list = try #require(status.firstMatch(of: /Cpus_allowed_list:\s*([0-9]+)/))
            let pin = Process()
            pin.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
            pin.arguments = ["-cp", String(list.1), String(thread)]
            pin.standardOutput = FileHandle.nullDevice
            try pin.run()
            pin.waitUntilExit()
            #expect(pin.terminationStatus == 0)
            let isOneOfMany = sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1
            #expect(EventLoop.hasOwnProcessors(atLeast: 1) == isOneOfMany)
            #expect(!EventLoop.hasOwnProcessors(atLeast: 2))
        }
    }

    @Test func `a deadline that has come does not suspend`() async throws {
        try await withLoop { loop in
            await loop.sleep(until: 0)
            await loop.sleep(until: loop.nowNanoseconds)
        }
    }

    @Test func `jobs from other threads wake a loop that waits, each one once`() async throws {
        let sum = Locked(0)
        let loops = try [EventLoop(name: "one"), EventLoop(name: "two")]
        defer { for loop in loops { loop.stop() } }
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<2000 {
                group.addTask {
                    await withTaskExecutorPreference(loops[index % 2]) {
                        await withTaskExecutorPreference(loops[(index + 1) % 2]) {
                            sum.withLock { $0 += 1 }
                        }
                    }
                }
            }
        }
        #expect(sum.withLock { $0 } == 2000)
    }

    @Test func `stop waits for the jobs that are there`() async throws {
        let loop = try EventLoop(name: "stop")
        let done = Locked(false)
        await withTaskExecutorPreference(loop) {
            await Task.yield()
            done.withLock { $0 = true }
        }
        loop.stop()
        #expect(done.withLock { $0 })
    }

    /// Counts what one end of a pipe is ready for.
    private final class Counter: EventHandler {
        var readable = 0
        var writable = 0
        func handle(_ readiness: Readiness) {
            if readiness.isReadable { readable += 1 }
            if readiness.isWritable { writable += 1 }
        }
    }

    @Test func `a watched descriptor tells its handler, a forgotten one does not`() async throws {
        let counts = try await withLoop { loop in
            var ends: [Int32] = [0, 0]
            #expect(pipe2(&ends, O_NONBLOCK | O_CLOEXEC) == 0)
            defer { for end in ends { close(end) } }
            let counter = Counter()
            try loop.watch(ends[0], handler: counter)
            _ = write(ends[1], "x", 1)
            await loop.turn()
            let first = counter.readable
            loop.forget(ends[0])
            _ = write(ends[1], "y", 1)
            await loop.turn()
            return [first, counter.readable]
        }
        #expect(counts == [1, 1])
    }

    @Test func `an event of a descriptor that was closed and reused reaches nobody else`()
        async throws
    {
        let counts = try await withLoop { loop in
            var (first, second): ([Int32], [Int32]) = ([0, 0], [0, 0])
            #expect(pipe2(&first, O_NONBLOCK | O_CLOEXEC) == 0)
            let (old, new) = (Counter(), Counter())
            try loop.watch(first[0], handler: old)
            _ = write(first[1], "x", 1)
            // The event is there, and not yet read, when its descriptor is forgotten and reused.
            loop.forget(first[0])
            #expect(pipe2(&second, O_NONBLOCK | O_CLOEXEC) == 0)
            // Closes the old one and reuses its number in one step, which no other thread can take.
            #expect(dup2(second[0], first[0]) == first[0])
            try loop.watch(first[0], handler: new)
            await loop.turn()
            loop.forget(first[0])
            for end in first + second { close(end) }
            return [old.readable, new.readable]
        }
        #expect(counts == [0, 0])
    }

    @Test func `a descriptor that cannot be watched is an error with its call`() async throws {
        let error = try await withLoop { loop in
            let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            do throws(SystemCallError) {
                try loop.watch(file, handler: Counter())
                return SystemCallError(call: "none", number: 0)
            } catch { return error }
        }
        #expect(error.call == "epoll_ctl" && error.number == EPERM)
        #expect(error.description == "epoll_ctl: Operation not permitted")
    }

    @Test func `a loop cannot wait for its own end`() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "own")
            await withTaskExecutorPreference(loop) { loop.stop() }
        }
    }

    @Test func `loop-confined state traps on another thread`() async throws {
        let loop = try EventLoop(name: "bound")
        defer { loop.stop() }
        let bound = LoopBound(7, to: loop)
        #expect(await withTaskExecutorPreference(loop) { bound.value } == 7)
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop(name: "bound")
            _ = LoopBound(7, to: loop).value
        }
    }
}
