import Collector
import EventLoops
import Evidence
import Generator
import HTTPTransport
import Profiles
import Testing

/// The lanes that the suite holds to the same conduct.
enum LaneKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case loops
    case curl

    var testDescription: String { rawValue }

    /// A lane to a port of loopback, or as a network section says.
    private func make(
        on loop: EventLoop, host: String, port: Int, mostConnections: Int, network: Network
    ) throws -> any Transport {
        switch self {
        case .loops:
            guard network == Network() else { throw Missing(what: "\(network)") }
            return HTTPLane(
                loop: loop, endpoint: try Endpoint(host: host, port: port),
                mostConnections: mostConnections)
        case .curl:
            var place = CurlSettings.Place.address(host, port: port)
            if let path = network.connectTo, path.hasPrefix("unix:") {
                place = .unix(String(path.dropFirst("unix:".count)))
            } else if let other = network.connectTo?.split(separator: ":"), other.count == 2 {
                place = .address(String(other[0]), port: Int(other[1]) ?? 0)
            }
            let name = host.contains(":") ? "[\(host)]" : host
            var settings = CurlSettings(
                isSecure: false, host: name, port: port, place: place, network: network)
            settings.sources = try SourceAddresses(network.sourceAddresses)
            return CurlLane(loop: loop, settings: settings, mostConnections: mostConnections)
        }
    }

    /// Runs `body` with a driver of a new lane on a loop of its own, and closes both.
    func run<Value: Sendable>(
        host: String = "127.0.0.1", port: Int, mostConnections: Int = 8,
        network: Network = Network(), body: @Sendable (LaneDriver) async throws -> Value
    ) async throws -> Value {
        let loop = try EventLoop(name: "conformance")
        defer { loop.stop() }
        return try await withTaskExecutorPreference(loop) {
            let lane = try make(
                on: loop, host: host, port: port, mostConnections: mostConnections,
                network: network)
            let driver = LaneDriver(lane, loop: loop)
            let value: Value
            do { value = try await body(driver) } catch {
                driver.close()
                throw error
            }
            driver.close()
            return value
        }
    }

    /// The loops lane reads until a read is short, and misses an end that came with the bytes.
    static let endGap = "an end that comes with the last bytes is not seen"

    /// Holds the lane to what `body` expects, but for a known gap of the loops lane.
    func hold(gap: String?, _ body: () -> Void) {
        guard self == .loops, let gap else { return body() }
        withKnownIssue("\(gap)", isIntermittent: true) { body() }
    }

    /// What a lane does not have.
    struct Missing: Error {
        let what: String
    }
}

/// What came of one request.
struct LaneAnswer: Sendable {
    let outcome: Outcome
    let detail: String
    let status: Int
    let contentType: String
    let body: [UInt8]
    let fields: [String]
    let sent: UInt64
    let firstByte: UInt64
    let done: UInt64
    let connect: UInt64

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A lane under test on its loop, with users that send over it.
///
/// Confined to the loop.
final class LaneDriver {
    private let lane: any Transport
    private let loop: EventLoop

    /// Enough for any answer that is to come.
    static let patienceNanoseconds: UInt64 = 4_000_000_000

    init(_ lane: any Transport, loop: EventLoop) {
        self.lane = lane
        self.loop = loop
    }

    /// Ends everything in flight.
    func close() { lane.endAll(.unfinished, detail: "the test has closed the lane") }

    /// Sends one request and waits for its end.
    func send(
        _ request: String, as user: Exchange = Exchange(),
        timeoutNanoseconds: UInt64 = patienceNanoseconds
    ) async -> LaneAnswer {
        begin(request, as: user, timeoutNanoseconds: timeoutNanoseconds)
        return await end(user)
    }

    /// Sends one request.
    func begin(
        _ request: String, as user: Exchange, timeoutNanoseconds: UInt64 = patienceNanoseconds
    ) {
        let now = MonotonicClock.nowNanoseconds
        user.prepare(due: now, deadline: now + timeoutNanoseconds)
        user.stamps.ready = now
        user.wantsHeaders = true
        user.request = Array(request.utf8)
        user.isHead = request.hasPrefix("HEAD ")
        lane.start(user)
    }

    /// Waits for the end of a request.
    func end(_ user: Exchange) async -> LaneAnswer {
        while !user.isFinished {
            let now = MonotonicClock.nowNanoseconds
            lane.sweep(now: now)
            // The lane is late by two sweeps at most.
            precondition(now < user.deadline + 3_000_000_000, "the lane forgot a request")
            await loop.sleep(until: now + 1_000_000)
        }
        let fields = (0..<user.headers.count).map {
            String(decoding: user.headers.value(at: $0), as: UTF8.self)
        }
        return LaneAnswer(
            outcome: user.outcome, detail: user.detail, status: user.status,
            contentType: user.contentType, body: user.body, fields: fields,
            sent: user.stamps.sent, firstByte: user.stamps.firstByte, done: user.stamps.done,
            connect: user.stamps.setup.connect)
    }

    /// Lets the loop serve its sockets until something holds, for at most two seconds.
    func wait(until isTrue: () -> Bool) async {
        let bound = MonotonicClock.nowNanoseconds + 2_000_000_000
        while !isTrue(), MonotonicClock.nowNanoseconds < bound {
            await loop.sleep(until: MonotonicClock.nowNanoseconds + 1_000_000)
        }
        // One more turn, for what the server has done to arrive.
        await loop.sleep(until: MonotonicClock.nowNanoseconds + 5_000_000)
    }
}
