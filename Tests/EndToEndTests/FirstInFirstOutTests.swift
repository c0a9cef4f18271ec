import Collector
import Contracts
import EventLoops
import Generator
import HTTP1Lane
import HTTPServer
import Histograms
import Measurements
import Profiles
import Schedules
import Sockets
import Testing

extension EndToEndTests {
    /// The whole generator against a queue of which everything is known.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct FirstInFirstOutTests {
        /// A server with one place: a fixed service time, and stalls in which it serves nobody.
        struct Queue {
            let service: Double
            /// From the start of the load, in seconds.
            let stalls: [(begin: Double, end: Double)]
            var free = 0.0

            /// When a request that comes at `time` is answered.
            mutating func leave(_ time: Double) -> Double {
                var begin = max(time, free)
                // Work that a stall interrupts goes on after it.
                var left = service
                for stall in stalls where begin + left > stall.begin && begin < stall.end {
                    if begin < stall.begin { left -= stall.begin - begin }
                    begin = stall.end
                }
                free = begin + left
                return free
            }
        }

        private static let contract = """
            openapi: 3.1.0
            info: { title: four bytes, version: '1' }
            paths:
              /: { get: { operationId: root, responses: { '200': { description: pong } } } }
            """
        private static let profile = Profile(
            name: "stalls",
            load: [
                Phase(
                    name: "steady",
                    model: ConstantArrivalRate(Rate(perSecond: 500), .poisson),
                    duration: .seconds(12))
            ],
            scenarios: [Scenario(name: "root", steps: [Step(operation: "root")])],
            limits: Limits(inFlight: 2000, connections: 2000))
        private static let stalls = [
            (begin: 2.0, end: 3.0), (begin: 5, end: 6), (begin: 8, end: 9),
        ]

        /// Latencies, and for how many seconds at most the machine held one of the two loops up, by
        /// their own count.
        private func measured() async throws -> (Histogram, heldUp: Double) {
            let serving = try EventLoop(name: "queue")
            defer { serving.stop() }
            let start = serving.nowNanoseconds + 300_000_000
            let responder = try await withTaskExecutorPreference(serving) {
                var queue = Queue(service: 0.0005, stalls: Self.stalls)
                return LoopBound(
                    try Responder(on: serving) { now in
                        let time = (Double(now) - Double(start)) / 1e9
                        return start + UInt64(max(0, queue.leave(max(0, time))) * 1e9)
                    }, to: serving)
            }
            let port = await withTaskExecutorPreference(serving) { responder.value.port }
            let loop = try EventLoop(name: "generator")
            defer { loop.stop() }
            let endpoint = try Endpoint(host: "127.0.0.1", port: port)
            let plan = try GeneratorPlan(
                Self.profile, contract: try Contract(openAPI: Self.contract, file: "test"),
                authority: endpoint.authority, prefix: "")
            let shard = await withTaskExecutorPreference(loop) {
                LoopBound(
                    Shard(
                        plan: plan, share: LoadShare(index: 0, count: 1), loop: loop,
                        transport: HTTPLane(
                            loop: loop, endpoint: endpoint, maximumConnections: 2000),
                        startNanoseconds: start), to: loop)
            }
            await withTaskExecutorPreference(loop) { await Shard.run(shard) }
            let snapshot = await withTaskExecutorPreference(loop) {
                shard.value.recorder.snapshot()
            }
            await withTaskExecutorPreference(serving) { responder.value.stop() }
            var heldUp: UInt64 = 0
            for loop in [serving, loop] {
                heldUp += await withTaskExecutorPreference(loop) {
                    loop.takeCounters().maximumOvershootNanoseconds
                }
            }
            let key = HistogramKey(phase: "steady", operation: "root", clock: .latency)
            return (snapshot.histograms[key] ?? Histogram(), Double(heldUp) / 1e9)
        }

        /// A busy machine makes latencies longer, none shorter, and the loops say by how much.
        ///
        /// Even so a deviation counts when it comes three times.
        @Test func `latency from p85 to p99.9 is within 2 % of what the queue gave`() async throws {
            var queue = Queue(service: 0.0005, stalls: Self.stalls)
            let truth = Schedule(Self.profile).map { arrival in
                let due = Double(arrival.dueNanoseconds) / 1e9
                return queue.leave(due) - due
            }.sorted()
            var deviations: [String] = []
            for _ in 0..<3 {
                let (histogram, heldUp) = try await measured()
                deviations = []
                if histogram.totalCount != UInt64(truth.count) {
                    deviations = ["\(histogram.totalCount) of \(truth.count) were answered"]
                    continue
                }
                for quantile in [850_000, 900_000, 950_000, 990_000, 999_000] {
                    let rank = max(1, (truth.count * quantile + 999_999) / 1_000_000)
                    let value = histogram.value(atRank: UInt64(rank))
                    let got = Double(try #require(value)) / 1e9
                    let want = truth[rank - 1]
                    if got < 0.98 * want || got > 1.02 * want + heldUp {
                        deviations.append("\(quantile) ppm: \(got) s for \(want) s")
                    }
                }
                if deviations.isEmpty { return }
            }
            Issue.record("\(deviations)")
        }
    }
}
