import EventLoops
import Evidence
import FoundationEssentials
import Generator
import Measurements
import Profiles
import Targets

/// The load itself, on threads of its own.
extension SingleRun {
    private static let startDelayNanoseconds: UInt64 = 3_000_000
    /// The end of the last requests takes a moment.
    private static let endDelayNanoseconds: UInt64 = 500_000_000

    /// Fires the load, strikes, and collects the evidence; gives what could not be written.
    func drive(
        _ plan: GeneratorPlan, at target: LoadedTarget, _ writer: EvidenceWriter,
        on loop: EventLoop, _ watchdog: Watchdog
    ) async throws -> String? {
        let problem: String?
        do { problem = try await driveStriking(plan, at: target, writer, on: loop, watchdog) } catch
        {
            await target.striking?.close()
            throw error
        }
        await target.striking?.close()
        return problem
    }

    private func driveStriking(
        _ plan: GeneratorPlan, at target: LoadedTarget, _ writer: EvidenceWriter,
        on loop: EventLoop, _ watchdog: Watchdog
    ) async throws -> String? {
        var loops: [EventLoop] = []
        defer {
            for loop in loops {
                watchdog.forget(loop)
                loop.stop()
            }
        }
        let (meters, goFirst) = try await start(&loops, watchdog)
        if let problem = Self.secretProblem(plan) {
            try writer.append(event: RunEvent(timeSeconds: 0, kind: .warning, detail: problem))
        }
        // Only now, since what this thread starts inherits its priority.
        loop.runBehindOthers()
        let start = loop.nowNanoseconds + Self.startDelayNanoseconds
        let threads = zip(loops, meters).enumerated().map { index, thread in
            let share = LoadShare(index: index, count: loops.count)
            return GeneratorThread(
                loop: thread.0, shard: makeShard(plan, share, thread.0, target.lanes, start),
                meter: thread.1)
        }
        // Flushed with the first second; a disk that is slow now would delay the first requests.
        try writer.append(
            event: RunEvent(
                timeSeconds: 0, kind: .started,
                detail: "\(profile.name) at monotonic \(Double(start) / 1e9) s"
                    + (goFirst ? ", threads at real-time priority" : "")))
        let ticker = SecondTicker(
            StartedLoad(profile: profile, plan: plan, start: start), by: threads, writer: writer,
            target: target.reader, watchdog: watchdog, on: loop)
        ticker.readSteal = options.environment.readSteal
        ticker.observe = observe
        ticker.notices = target.striking?.notices
        watchdog.expectEnd(at: start + plan.latestEndNanoseconds + Self.endDelayNanoseconds)
        let striking = target.striking
        await fire(threads, ticker, on: loop) { isOver in
            await striking?.run(start: start, isOver: isOver)
        }
        let wall = Date().timeIntervalSince1970
        let started = wall - (Double(loop.nowNanoseconds) - Double(start)) / 1e9
        for event in SystemEvents.read(target.log, started: started) {
            try writer.append(event: event)
        }
        guard plan.isChecked, ticker.writeError == nil, let first = loops.first else {
            return ticker.writeError
        }
        watchdog.expectEnd(at: .max)
        return try await readBack(
            ticker.operations.written, by: plan, at: target, writer, on: first)
    }

    /// Starts the generator's threads; their meters, and whether all of them go before others.
    ///
    /// - Parameter loops: gets each as it starts, since each has to end.
    private func start(
        _ loops: inout [EventLoop], _ watchdog: Watchdog
    ) async throws -> (meters: [LoopBound<LoopMeter>], goFirst: Bool) {
        var meters: [LoopBound<LoopMeter>] = []
        let mayGoFirst = mayGoFirst
        var goFirst = true
        for index in 0..<threads {
            let loop = try EventLoop(name: "generator-\(index)", clock: options.environment.clock)
            loops.append(loop)
            watchdog.watch(loop, as: .generator)
            let (meter, goesFirst) = await withTaskExecutorPreference(loop) {
                let goesFirst = loop.runPromptly(atRealTime: mayGoFirst)
                return (LoopBound(LoopMeter(loop), to: loop), goesFirst)
            }
            meters.append(meter)
            goFirst = goFirst && goesFirst
        }
        return (meters, goFirst)
    }

    /// Fires the load while the ticker looks on.
    private func fire(
        _ threads: [GeneratorThread], _ ticker: SecondTicker, on loop: EventLoop,
        strike: @escaping @Sendable (_ isOver: @escaping @Sendable () -> Bool) async -> Void
    ) async {
        let (isOver, left) = (Locked(false), Locked(threads.count))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { group in
                    for thread in threads {
                        group.addTask(executorPreference: thread.loop) {
                            await Shard.run(thread.shard)
                            left.withLock { $0 -= 1 }
                        }
                    }
                    group.addTask { await strike { left.withLock { $0 == 0 } } }
                }
                isOver.withLock { $0 = true }
                await withTaskExecutorPreference(loop) { loop.wakeSleepers() }
            }
            await ticker.run(control: control, isOver: { isOver.withLock { $0 } })
        }
    }

    /// Whether the generator's threads may go before all others.
    ///
    /// They may on cores that were given to them, where they wait between due times; elsewhere they
    /// would take the target's.
    private var mayGoFirst: Bool {
        profile.pacing == .precise && profile.load.allSatisfy(\.model.isOpen)
            && EventLoop.hasOwnProcessors(atLeast: threads)
    }

    /// The generator's threads: no more than share the limits between them.
    var threads: Int {
        min(options.threads, profile.limits.inFlight, profile.limits.connections ?? .max)
    }

    private func makeShard(
        _ plan: GeneratorPlan, _ share: LoadShare, _ loop: EventLoop, _ lanes: LaneFactory,
        _ start: UInt64
    ) -> LoopBound<Shard> {
        let most = profile.limits.connections ?? Headroom.maximumAtOnce(profile)
        let lane = lanes.lane(
            on: loop,
            maximumConnections: max(
                1, most / share.count + (share.index < most % share.count ? 1 : 0))
        )
        return LoopBound(
            Shard(plan: plan, share: share, loop: loop, transport: lane, startNanoseconds: start),
            to: loop)
    }
}
