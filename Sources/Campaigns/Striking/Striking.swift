import EventLoops
import Profiles
import Sockets
import Targets

/// The faults of a run, with the loop on which they are struck; callable on any thread.
struct Striking: Sendable {
    /// What they say for the evidence.
    let notices = FaultNotices()
    /// The port of 127.0.0.1 that leads to the target through a proxy; `nil` without one.
    let proxyPort: Int?
    private let loop: EventLoop
    private let timeline: LoopBound<FaultTimeline>

    /// Makes ready to strike: the guard and the proxy are there when it returns.
    ///
    /// - Parameter loop: a loop of its own, which it ends.
    /// - Throws: `CampaignError` or `SystemCallError` if nothing can be struck.
    init(
        _ profile: Profile, run: FaultRunName, on loop: EventLoop, target: [Int32],
        address: SocketAddress?
    ) async throws {
        self.loop = loop
        let notices = notices
        do {
            (timeline, proxyPort) = try await withTaskExecutorPreference(loop) {
                let timeline = try FaultTimeline(
                    profile, run: run, on: loop, target: target, address: address, notices: notices)
                let port = timeline.proxyPort
                return (LoopBound(timeline, to: loop), port)
            }
        } catch {
            loop.stop()
            throw error
        }
    }

    /// Strikes from the start of the load (monotonic nanoseconds) until all is undone.
    func run(start: UInt64, isOver: @escaping @Sendable () -> Bool) async {
        await withTaskExecutorPreference(loop) { [timeline] in
            await timeline.value.run(start: start, isOver: isOver)
        }
    }

    /// Undoes what is left, and ends guard, proxy and loop; not on that loop.
    func close() async {
        await withTaskExecutorPreference(loop) { [timeline] in await timeline.value.close() }
        loop.stop()
    }
}
