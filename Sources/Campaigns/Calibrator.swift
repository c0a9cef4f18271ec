import Collector
import Contracts
import EventLoops
public import Evidence
import FoundationEssentials
import Generator
import Glibc
import HTTP1Lane
import HTTPServer
import Histograms
import JSON
import Measurements
import Profiles
import Sockets

/// Measures the generator against a responder in this process, and remembers the result.
public struct Calibrator: Sendable {
    private let cachePath: String?

    private static let rate = Rate(perSecond: 2000)
    private static let warmUp = Duration.milliseconds(150)
    /// Several windows, and the best of them: what others do on the machine meanwhile is no floor.
    static let windows = 3
    private static let length = Duration.milliseconds(250)
    static let quantiles = [500_000, 900_000, 950_000, 990_000, 999_000]
    private static let contract = """
        openapi: 3.1.0
        info: { title: four bytes, version: '1' }
        paths:
          /:
            get:
              operationId: root
              responses:
                '200':
                  description: the four bytes pong
                  content: { text/plain: { schema: { const: pong } } }
        """

    /// A calibrator with its cache in the user's cache folder.
    public init() {
        self.init(cachePath: Self.userCachePath)
    }

    /// A calibrator with its cache in a file; `nil` for none.
    init(cachePath: String?) { self.cachePath = cachePath }

    private static var userCachePath: String? {
        func folder(_ variable: String) -> String? {
            getenv(variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let base = folder("XDG_CACHE_HOME") ?? folder("HOME").map { "\($0)/.cache" }
        return base.map { "\($0)/loadgen/calibration.json" }
    }

    /// The calibration of this host and build: from the cache, else measured in about a second and
    /// kept there where that can be written.
    ///
    /// - Throws: `SystemCallError` where the system gives no socket or thread.
    public func calibration() async throws -> Calibration {
        if let known = cached() { return known }
        return try await renew().calibration
    }

    /// Measures, and puts the result in the place of what the cache has.
    ///
    /// - Returns: also whether it could be kept, for the runs to come.
    /// - Throws: `SystemCallError` where the system gives no socket or thread.
    public func renew() async throws -> (calibration: Calibration, isKept: Bool) {
        let measured = try await measure()
        return (measured, keep(measured))
    }

    /// The host and build: a floor holds for both together.
    static var key: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var file = stat()
        let isRead = stat("/proc/self/exe", &file) == 0
        let build = isRead ? "\(file.st_size)-\(file.st_mtim.tv_sec)" : "unknown"
        return "\(host) \(RunDescription.version) \(build)"
    }

    func cached() -> Calibration? {
        guard let cachePath, let text = try? String(contentsOfFile: cachePath, encoding: .utf8),
            let json = try? JSONValue(parsing: text.utf8),
            let calibration = Calibration(json: json), calibration.key == Self.key
        else { return nil }
        return calibration
    }

    func keep(_ calibration: Calibration) -> Bool {
        guard let cachePath, let slash = cachePath.lastIndex(of: "/") else { return false }
        do {
            try FileManager.default.createDirectory(
                atPath: String(cachePath[..<slash]), withIntermediateDirectories: true)
            try (calibration.json.text + "\n").write(
                toFile: cachePath, atomically: true, encoding: .utf8)
            return true
        } catch {
            return false
        }
    }

    private func measure() async throws -> Calibration {
        let serving = try EventLoop(name: "null-responder")
        defer { serving.stop() }
        let responder = try await withTaskExecutorPreference(serving) {
            LoopBound(try Responder(on: serving), to: serving)
        }
        let port = await withTaskExecutorPreference(serving) { responder.value.port }
        let loop = try EventLoop(name: "calibration")
        defer { loop.stop() }
        let endpoint = try Endpoint(host: "127.0.0.1", port: port)
        let plan = try GeneratorPlan(
            Self.profile, contract: try Contract(openAPI: Self.contract, file: "calibration"),
            authority: endpoint.authority, prefix: "")
        let start = loop.nowNanoseconds + 5_000_000
        let shard = await withTaskExecutorPreference(loop) {
            LoopBound(
                Shard(
                    plan: plan, share: Shard.Share(index: 0, count: 1), loop: loop,
                    transport: HTTPLane(loop: loop, endpoint: endpoint, maximumConnections: 64),
                    startNanoseconds: start), to: loop)
        }
        let allocated = await withTaskExecutorPreference(loop) {
            async let bytes = Self.allocatedBytesPerRequest(shard, on: loop, start: start)
            await Shard.run(shard)
            return await bytes
        }
        let snapshot = await withTaskExecutorPreference(loop) { shard.value.recorder.snapshot() }
        await withTaskExecutorPreference(serving) { responder.value.stop() }
        return Self.calibration(of: snapshot.histograms, allocatedBytesPerRequest: allocated)
    }

    /// What the loop's thread takes from the allocator in the second half of a window, when its
    /// histograms have grown to their values; the least of all windows, since a histogram grows
    /// once more when a latency comes that is longer than any before.
    private static func allocatedBytesPerRequest(
        _ shard: LoopBound<Shard>, on loop: EventLoop, start: UInt64
    ) async -> Double? {
        var least: Double?
        for window in 0..<windows {
            let begin = start + warmUp.nanoseconds + UInt64(window) * length.nanoseconds
            await loop.sleep(until: begin + length.nanoseconds / 2)
            // It settles what came before, for which a histogram may have to grow.
            let before = shard.value.recorder.ended
            var meter = ThreadMeter()
            await loop.sleep(until: begin + length.nanoseconds * 15 / 16)
            let bytes = meter.take().allocatedBytes
            let requests = shard.value.recorder.ended - before
            guard requests > 0 else { continue }
            let each = Double(bytes) / Double(requests)
            least = min(least ?? each, each)
        }
        return least
    }

    private static var profile: Profile {
        func phase(_ name: String, _ duration: Duration) -> Phase {
            Phase(name: name, model: .constantArrivalRate(rate, .constant), duration: duration)
        }
        return Profile(
            name: "calibration",
            load: [phase("warm up", warmUp)] + (1...windows).map { phase("\($0)", length) },
            scenarios: [Scenario(name: "root", steps: [Step(operation: "root")])])
    }

    /// The floor that windows make, each the best of its quantile.
    static func calibration(
        of histograms: [HistogramKey: Histogram], allocatedBytesPerRequest: Double?
    ) -> Calibration {
        func list(_ clock: Clock) -> ([Calibration.Quantile], Int) {
            let parts = (1...windows).compactMap { window in
                histograms[HistogramKey(phase: "\(window)", operation: "root", clock: clock)]
            }
            let list = quantiles.compactMap { quantile in
                parts.compactMap { $0.value(atQuantilePartsPerMillion: quantile) }.min().map {
                    Calibration.Quantile(partsPerMillion: quantile, nanoseconds: $0)
                }
            }
            return (list, parts.reduce(0) { $0 + Int($1.totalCount) })
        }
        let (latencies, requests) = list(.latency)
        return Calibration(
            key: key, measuredAt: Date().ISO8601Format(), requests: requests,
            latencies: latencies, lags: list(.lag).0,
            allocatedBytesPerRequest: allocatedBytesPerRequest)
    }
}
