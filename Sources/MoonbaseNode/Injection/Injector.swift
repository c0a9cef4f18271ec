import Contracts
import EventLoops
import Glibc

/// Carries out a plan, and counts exactly what it did.
///
/// Any thread.
final class Injector: Sendable {
    private struct State: Sendable {
        var random: SplitMix
        var faults: [ActiveFault]
    }

    private let contract: Contract
    private let hasUnsyncedFiles: Bool
    let clock: MonotonicClock
    private let start: UInt64
    private let state: Locked<State>
    /// What lies of deletions have kept.
    let deleted = DeletedRecords()

    /// What is switched on at once is no more than this.
    private static let maximumFaults = 100

    /// - Throws: `NodeError` where the plan names an operation that the contract does not have.
    init(
        plan: InjectionPlan, contract: Contract, clock: MonotonicClock,
        hasUnsyncedFiles: Bool = false
    ) throws(NodeError) {
        self.contract = contract
        self.hasUnsyncedFiles = hasUnsyncedFiles
        try Self.check(plan, hasUnsyncedFiles)
        self.clock = clock
        start = clock.nowNanoseconds
        state = Locked(
            State(
                random: SplitMix(state: plan.seed),
                faults: try Self.active(plan, contract, name: nil, at: 0)))
    }

    private static func check(
        _ plan: InjectionPlan, _ hasUnsyncedFiles: Bool
    ) throws(NodeError) {
        guard !hasUnsyncedFiles, let fault = plan.faults.first(where: \.kind.isOfDisk) else {
            return
        }
        throw NodeError(
            "\(fault.name) needs a node that keeps unsynced writes from the disk",
            hint: "start it with --vfs unsynced")
    }

    private static func active(
        _ plan: InjectionPlan, _ contract: Contract, name: String?, at now: UInt64
    ) throws(NodeError) -> [ActiveFault] {
        let names = contract.operations.keys.sorted()
        var active: [ActiveFault] = []
        for var fault in plan.faults {
            fault.start += now
            var route: Int?
            if let operation = fault.operation {
                guard let place = names.firstIndex(of: operation) else {
                    throw NodeError(
                        "the plan names \(operation), which is no operation of the contract",
                        hint: "use one of \(names.joined(separator: ", "))")
                }
                route = place + 1
            }
            active.append(ActiveFault(fault, route: route, name: name))
        }
        return active
    }

    // MARK: Switched while the node runs

    /// Has a plan from now on, whose times count from now, instead of an earlier one of this name.
    ///
    /// - Throws: `NodeError` where the plan names an operation that the contract does not have, or
    ///   has too many faults.
    func switchOn(_ name: String, _ plan: InjectionPlan) throws(NodeError) {
        try Self.check(plan, hasUnsyncedFiles)
        let now = now
        let more = try Self.active(plan, contract, name: name, at: now)
        let isTaken = state.withLock { state in
            // What is over by itself is nobody's any more.
            let kept = state.faults.filter {
                $0.name == nil || $0.name != name && !$0.fault.isOver(at: now)
            }
            guard kept.count + more.count <= Self.maximumFaults else { return false }
            state.faults = kept + more
            return true
        }
        guard isTaken else {
            throw NodeError(
                "the node would have more than \(Self.maximumFaults) faults",
                hint: "switch off what is not needed any more")
        }
    }

    /// Ends what was switched on under a name; nothing if that is over.
    func switchOff(_ name: String) {
        state.withLock { $0.faults.removeAll { $0.name == name } }
    }

    private var now: UInt64 { clock.nowNanoseconds - start }

    // MARK: Answers

    /// The faults that fall on a request, `nil` if none does.
    func decide(_ route: Int) -> Injection? {
        let now = now
        var injection = Injection()
        state.withLock { state in
            for index in state.faults.indices {
                let active = state.faults[index]
                guard active.route == nil || active.route == route, active.fault.kind.isOfAnswers,
                    let end = active.fault.windowEnd(at: now)
                else { continue }
                if case .stall = active.fault.kind {
                    let wait = end == .max ? 0 : end - now
                    injection.delayNanoseconds = max(injection.delayNanoseconds, wait)
                    state.faults[index].count += 1
                    state.faults[index].nanoseconds += wait
                    continue
                }
                guard state.faults[index].falls(&state.random) else { continue }
                state.faults[index].count += 1
                Self.apply(&state.faults[index], to: &injection, at: now, &state.random)
            }
        }
        return injection.isNone ? nil : injection
    }

    private static func apply(
        _ active: inout ActiveFault, to injection: inout Injection, at now: UInt64,
        _ random: inout SplitMix
    ) {
        switch active.fault.kind {
        case .latency(let distribution):
            let delay = sample(distribution, &random)
            injection.delayNanoseconds += delay
            active.nanoseconds += delay
        case .service(let distribution, _):
            let time = sample(distribution, &random)
            injection.delayNanoseconds += active.serve(time, at: now)
            active.nanoseconds += time
        case .error(let status, _): injection.status = status
        case .wrongBody: injection.wrongBody = true
        case .reset: injection.isReset = true
        case .drip(let rate): injection.dripBytesPerSecond = rate
        case .leak(let bytes): injection.leakBytes += bytes
        case .stall, .hang, .failure, .storageDown, .slowDisk, .unsyncedWrites, .lie: break
        }
    }

    private static func sample(
        _ distribution: InjectionPlan.Distribution, _ random: inout SplitMix
    ) -> UInt64 {
        let value: Double
        switch distribution {
        case .constant(let time): value = time
        case .uniform(let low, let high): value = Double.random(in: low...high, using: &random)
        case .exponential(let mean):
            value = -mean * log(1 - Double.random(in: 0..<1, using: &random))
        case .lognormal(let median, let sigma):
            // Box and Muller's pair gives one normal value.
            let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &random))).squareRoot()
            let normal = radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
            value = median * exp(sigma * normal)
        }
        return UInt64(min(3600e9, max(0, value)))
    }

    /// An answer with the faults that are due to it.
    func apply(_ injection: Injection, to answer: Answer) -> Answer {
        if injection.leakBytes > 0 { _ = Self.leakOnPurpose(injection.leakBytes) }
        return injection.applied(to: answer)
    }

    /// Leaks memory that nothing refers to; a leak report must name this function.
    ///
    /// It stays a function of its own, with a frame while the allocator runs: it is not inlined,
    /// and uses what it was given before it returns.
    @inline(never) @_optimize(none)
    private static func leakOnPurpose(_ bytes: Int) -> UInt {
        let address = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        // Written to, so that it is resident; the optimiser drops a memset of what nobody reads.
        explicit_bzero(address, bytes)
        return UInt(bitPattern: address)
    }

    // MARK: Containers and storage

    /// What the calls of these containers meet, one after the other.
    func effect(on calls: [ContainerKey]) -> DirectorState.CallEffect {
        let now = now
        return state.withLock { state in
            for call in calls {
                for index in state.faults.indices {
                    let fault = state.faults[index].fault
                    switch fault.kind {
                    case .hang(let pod, let container) where Self.isMeant(call, pod, container):
                        guard let end = fault.windowEnd(at: now) else { continue }
                        state.faults[index].count += 1
                        return end == .max ? .hang : .delay(end - now)
                    case .failure(let pod, let container) where Self.isMeant(call, pod, container):
                        guard fault.windowEnd(at: now) != nil,
                            fault.rate >= 1
                                || Double.random(in: 0..<1, using: &state.random) < fault.rate
                        else { continue }
                        state.faults[index].count += 1
                        return .failure("\(call.container) has failed")
                    default: continue
                    }
                }
            }
            return .none
        }
    }

    private static func isMeant(_ call: ContainerKey, _ pod: String?, _ container: String) -> Bool {
        call.container == container && (pod == nil || pod == call.pod)
    }

    /// Why a commit fails now; `nil` if it does not.
    func storageProblem() -> String? {
        let now = now
        return state.withLock { state in
            let index = state.faults.firstIndex {
                $0.fault.kind == .storageDown && $0.fault.windowEnd(at: now) != nil
            }
            guard let index else { return nil }
            state.faults[index].count += 1
            return "storage is down"
        }
    }

    /// What syncs do now: how much longer they take, and whether they do nothing.
    var disk: (delayNanoseconds: UInt64, syncsNothing: Bool) {
        let now = now
        return state.withLock { state in
            var result: (delayNanoseconds: UInt64, syncsNothing: Bool) = (0, false)
            for active in state.faults where active.fault.windowEnd(at: now) != nil {
                switch active.fault.kind {
                case .slowDisk(let distribution):
                    result.delayNanoseconds += Self.sample(distribution, &state.random)
                case .unsyncedWrites: result.syncsNothing = true
                default: continue
                }
            }
            return result
        }
    }

    /// Counts syncs that were spoiled, for what spoils them now.
    func countSyncs(_ count: Int) {
        let now = now
        state.withLock { state in
            for index in state.faults.indices
            where state.faults[index].fault.kind.isOfDisk
                && state.faults[index].fault.windowEnd(at: now) != nil
            {
                state.faults[index].count += count
            }
        }
    }

    /// Whether a lie falls on the present operation: until when it lasts, in nanoseconds of the
    /// monotonic clock; `nil` if it does not.
    func tells(_ lie: Lie) -> UInt64? {
        let now = now
        return state.withLock { state in
            for index in state.faults.indices {
                let fault = state.faults[index].fault
                guard case .lie(lie, let time) = fault.kind, fault.windowEnd(at: now) != nil,
                    state.faults[index].falls(&state.random)
                else { continue }
                state.faults[index].count += 1
                return start + now + time
            }
            return nil
        }
    }

    // MARK: The truth

    /// What was done, as Prometheus text.
    var metricsText: String {
        let faults = state.withLock { $0.faults }
        var text = "# TYPE moonbase_injected_total counter\n"
        for (index, active) in faults.enumerated() {
            text += "moonbase_injected_total{\(active.labels(index))} \(active.count)\n"
        }
        text += "# TYPE moonbase_injected_seconds_total counter\n"
        for (index, active) in faults.enumerated() where active.nanoseconds > 0 {
            text += "moonbase_injected_seconds_total{\(active.labels(index))} "
            text += "\(Double(active.nanoseconds) / 1e9)\n"
        }
        return text
    }
}
