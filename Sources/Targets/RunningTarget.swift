import Collector
public import EventLoops
public import Exchanges
public import Glibc
public import Measurements
import Profiles

/// A target that answers, however it came to be there.
///
/// Confined to the loop that it was started on.
public final class RunningTarget {
    /// Its address.
    public let url: String
    /// Its process id; `nil` if loadgen did not start it.
    public let processID: pid_t?
    private let process: TargetProcess?
    private let lane: ControlLane
    private let metrics: TargetReader

    private static let readySeconds = 10.0
    private static let napSeconds = 0.005
    private static let answerNanoseconds: UInt64 = 1_500_000_000

    /// What targets are started with.
    public struct Setting {
        let loop: EventLoop
        /// The reference node's executable, which the word `moonbase` stands for.
        let nodeExecutable: String
        /// How it is reached.
        let network: Network
        /// Where a command's output goes.
        let logPath: String
        /// What a command is loaded with; `nil` for nothing.
        public var probe: ProbeLaunch?
        /// Makes the lane to it.
        let makeLanes: LaneFactory.Maker

        /// What targets are started with, on a loop.
        public init(
            loop: EventLoop, nodeExecutable: String, network: Network, logPath: String,
            probe: ProbeLaunch? = nil,
            makeLanes: @escaping LaneFactory.Maker = LaneFactory.init
        ) {
            self.loop = loop
            self.nodeExecutable = nodeExecutable
            self.network = network
            self.logPath = logPath
            self.probe = probe
            self.makeLanes = makeLanes
        }
    }

    /// Starts the target where it is a command, and waits until it answers.
    ///
    /// - Throws: `CampaignError` where it does not start, or does not answer within 10 s.
    public static func start(_ source: TargetSource, _ setting: Setting) async throws
        -> RunningTarget
    {
        switch source {
        case .url(let url): return try await RunningTarget(url, nil, setting)
        case .command(var words):
            if words[0] == "moonbase", access(setting.nodeExecutable, X_OK) == 0 {
                words[0] = setting.nodeExecutable
            }
            if words.contains("{admin-port}") {
                let port = String(try TargetProcess.freePort())
                words = words.map { $0 == "{admin-port}" ? port : $0 }
            }
            var url: String?
            if words.contains(where: { $0.contains("{port}") }) {
                let port = try TargetProcess.freePort()
                words = words.map { $0.replacing("{port}", with: String(port)) }
                url = "http://127.0.0.1:\(port)"
            }
            let process = try TargetProcess(
                words, logPath: setting.logPath, probe: setting.probe)
            do {
                return try await RunningTarget(
                    try url ?? process.waitForURL(), process, setting)
            } catch {
                process.stop()
                throw error
            }
        }
    }

    private init(_ url: String, _ process: TargetProcess?, _ setting: Setting) async throws {
        self.url = url
        self.process = process
        processID = process?.processID
        let target = try TargetURL(url)
        let lanes = try setting.makeLanes(target, setting.network)
        lane = ControlLane(loop: setting.loop, lanes: lanes)
        metrics = TargetReader(
            lane: lane, tree: processID.map { ProcessTree(roots: [$0]) })
        if let problem = await problem(setting.loop) {
            lane.close()
            throw problem
        }
    }

    /// What keeps it from answering; `nil` once it does.
    private func problem(_ loop: EventLoop) async -> CampaignError? {
        // A target that was there before is not one that is about to start.
        let patience = process == nil ? 0 : Self.readySeconds
        let end = loop.nowNanoseconds + UInt64(patience * 1e9)
        var last = ""
        repeat {
            let answer = await lane.get("/", timeoutNanoseconds: Self.answerNanoseconds)
            if answer.outcome == .ok { return nil }
            last = answer.text
            if let ended = process?.endedByItself() { return ended }
            await loop.sleep(
                until: loop.nowNanoseconds + UInt64(Self.napSeconds * 1e9))
        } while loop.nowNanoseconds < end
        return CampaignError(
            .failure, "the target \(url) cannot be reached: \(last)",
            hint: process == nil
                ? "start it, or give the command that does"
                : "it must answer GET / within \(Int(Self.readySeconds)) s of its start")
    }

    /// Its memory and CPU now; `nil` if neither its metrics nor its process tell.
    public func read() async -> ProcessReading? { await metrics.read() }

    /// Whether it answers now, whatever it says.
    public func answers() async -> Bool {
        await lane.get("/", timeoutNanoseconds: Self.answerNanoseconds).outcome == .ok
    }

    /// Ends it where loadgen started it.
    public func stop() {
        lane.close()
        process?.stop()
    }
}
