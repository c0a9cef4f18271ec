import EventLoops
import Faults
import Measurements
import Profiles
import Schedules
import Sockets
import Targets

/// Strikes the faults of a profile on the load's clock, and says what became of each.
///
/// Confined to its loop, which also carries the connections of the proxy if a fault strikes those.
final class FaultTimeline {
    /// What a strike does next, and when: nanoseconds from the start of the load.
    private struct Step {
        let time: UInt64
        let strike: Int
        let isUndo: Bool
    }

    private let loop: EventLoop
    private let profile: Profile
    private let schedule: FaultSchedule
    private let runner: FaultRunner
    /// The proxy before the target; `nil` if no fault strikes connections.
    private let proxy: FaultProxy?
    private let target: [Int32]
    private let address: SocketAddress?
    private let notices: FaultNotices
    private var held: [Int: FaultRecord] = [:]
    private var start: UInt64 = 0

    private static let pollNanoseconds: UInt64 = 50_000_000

    /// Starts the guard, and the proxy if one is needed; on the loop only.
    ///
    /// - Parameters:
    ///   - run: the run's name, which whatever is added to the system has in its own.
    ///   - target: the processes of the target.
    ///   - address: where connections to the target lead.
    /// - Throws: `CampaignError` if nothing can be struck.
    init(
        _ profile: Profile, run: FaultRunName, on loop: EventLoop, target: [Int32],
        address: SocketAddress?, notices: FaultNotices
    ) throws {
        self.loop = loop
        self.profile = profile
        self.target = target
        self.address = address
        self.notices = notices
        schedule = FaultSchedule(profile)
        do throws(FaultError) {
            runner = try FaultRunner(run: run.name, loop: loop, guardProgram: run.guardProgram)
        } catch { throw CampaignError(.failure, error.message, hint: error.hint) }
        let isProxied = profile.faults.contains { $0.victim == .proxy }
        proxy =
            if isProxied, let address {
                try FaultProxy(on: loop, to: address, seed: profile.seed)
            } else { nil }
    }

    /// The port of 127.0.0.1 that leads to the target through the proxy; `nil` without one.
    var proxyPort: Int? { proxy?.port }

    /// Strikes and undoes until the last fault is undone, or the load is over.
    func run(start: UInt64, isOver: @Sendable () -> Bool) async {
        self.start = start
        var next = 0
        let steps = steps
        while next < steps.count {
            let step = steps[next]
            guard await reach(start + step.time, isOver) else { break }
            if step.isUndo { await undo(step.strike) } else { await strike(step.strike) }
            next += 1
        }
        for index in held.keys.sorted(by: >) { await undo(index) }
        for step in steps[next...] where !step.isUndo {
            say(reading(of: step.strike, .missed), "the load was over")
        }
    }

    /// Undoes what is left, and ends guard and proxy.
    func close() async {
        await runner.close()
        proxy?.stop()
    }

    /// In order of time; what ends goes before what begins.
    private var steps: [Step] {
        var steps: [Step] = []
        for (index, strike) in schedule.strikes.enumerated() {
            steps.append(Step(time: strike.start, strike: index, isUndo: false))
            if profile.faults[strike.fault].length != nil {
                steps.append(Step(time: strike.end, strike: index, isUndo: true))
            }
        }
        return steps.sorted { ($0.time, $1.isUndo ? 1 : 0) < ($1.time, $0.isUndo ? 1 : 0) }
    }

    /// Waits for a time; false if the load is over before.
    private func reach(_ time: UInt64, _ isOver: @Sendable () -> Bool) async -> Bool {
        while true {
            if isOver() { return false }
            let now = loop.nowNanoseconds
            if now >= time { return true }
            await loop.sleep(until: min(time, now + Self.pollNanoseconds))
        }
    }

    private func strike(_ index: Int) async {
        let fault = profile.faults[schedule.strikes[index].fault]
        guard let kind = FaultKinds.named(fault.kind) else { return }
        let record = await runner.strike(
            kind, victim(of: fault), settings: fault.settings, for: fault.length ?? .zero,
            isSham: schedule.strikes[index].isSham)
        if let problem = record.problem {
            return say(reading(of: index, .failed), problem.description)
        }
        if fault.length != nil { held[index] = record }
        var reading = reading(of: index, .struck)
        reading.proof = record.effect.map(FaultReading.Proof.init)
        reading.beganSeconds = seconds(record.strikeBegan)
        reading.seenSeconds = record.effectSeen.map(seconds)
        reading.mechanism = record.mechanism
        say(reading, record.effect?.text ?? "")
    }

    private func undo(_ index: Int) async {
        guard let record = held.removeValue(forKey: index) else { return }
        let undone = await runner.undo(record)
        if let problem = undone.problem { say(reading(of: index, .failed), problem.description) }
        var reading = reading(of: index, .undone)
        reading.proof = undone.undo.map(FaultReading.Proof.init)
        reading.beganSeconds = undone.undoBegan.map(seconds)
        reading.seenSeconds = undone.undoSeen.map(seconds)
        reading.mechanism = undone.mechanism
        say(reading, undone.undo?.text ?? "")
    }

    private func victim(of fault: PlannedFault) -> FaultScene.Victim {
        switch fault.victim {
        case .target:
            return FaultNotations.named(fault.kind)?.subject == .packets
                ? .packets(port: address?.port ?? 0) : .processes(target)
        case .workers: return .workers(of: target)
        case .process(let id): return .processes([id])
        case .listener(let port): return .listener(port: port)
        case .path: return .path
        case .proxy:
            guard let proxy else { preconditionFailure("a proxy is made for such a fault") }
            return .proxy(proxy)
        }
    }

    private func reading(of index: Int, _ step: FaultReading.Step) -> FaultReading {
        let strike = schedule.strikes[index]
        var reading = FaultReading(
            fault: strike.fault, trial: strike.trial, kind: profile.faults[strike.fault].kind,
            step: step)
        if strike.isSham { reading.sham = true }
        return reading
    }

    private func say(_ reading: FaultReading, _ text: String) {
        var event = RunEvent(
            timeSeconds: reading.seenSeconds ?? seconds(loop.nowNanoseconds), kind: .fault,
            detail: "\(reading.kind) \(reading.step.rawValue): "
                + (reading.isSham ? "a sham, nothing was changed" : text))
        event.fault = reading
        notices.add(event)
    }

    private func seconds(_ time: UInt64) -> Double {
        (Double(time) - Double(start)) / 1e9
    }
}

extension FaultReading.Proof {
    fileprivate init(_ proof: Proof) {
        self =
            switch proof {
            case .proven: .proven
            case .refuted: .refuted
            case .unknown: .unknown
            }
    }
}
