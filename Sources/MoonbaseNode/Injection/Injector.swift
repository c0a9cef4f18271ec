import Contracts
import EventLoops
import Glibc

/// Carries out a plan, and counts exactly what it did.
///
/// Any thread.
final class Injector: Sendable {
    private struct State: Sendable {
        var random: SplitMix
        /// Answers that are still to fail of each fault's burst.
        var burst: [Int]
        /// Requests that each fault with `nth` was for.
        var passed: [Int]
        var counts: [Int]
        var nanoseconds: [UInt64]
        /// When each server of each fault is free again.
        var freeAt: [[UInt64]]
    }

    private let plan: InjectionPlan
    /// The place in `Metrics` of the operation that each fault is for; `nil` for every one.
    private let routes: [Int?]
    private let clock: MonotonicClock
    private let start: UInt64
    private let state: Locked<State>
    /// What lies of deletions have kept.
    let deleted = DeletedRecords()

    /// - Throws: `NodeError` where the plan names an operation that the contract does not have.
    init(
        plan: InjectionPlan, contract: Contract, clock: MonotonicClock
    ) throws(NodeError) {
        self.plan = plan
        self.clock = clock
        start = clock.nowNanoseconds
        let names = contract.operations.keys.sorted()
        var routes: [Int?] = []
        for fault in plan.faults {
            guard let operation = fault.operation else {
                routes.append(nil)
                continue
            }
            guard let place = names.firstIndex(of: operation) else {
                throw NodeError(
                    "the plan names \(operation), which is no operation of the contract",
                    hint: "use one of \(names.joined(separator: ", "))")
            }
            routes.append(place + 1)
        }
        self.routes = routes
        let count = plan.faults.count
        state = Locked(
            State(
                random: SplitMix(state: plan.seed), burst: Array(repeating: 0, count: count),
                passed: Array(repeating: 0, count: count),
                counts: Array(repeating: 0, count: count),
                nanoseconds: Array(repeating: 0, count: count),
                freeAt: plan.faults.map { fault in
                    guard case .service(_, let servers) = fault.kind else { return [] }
                    return Array(repeating: 0, count: servers)
                }))
    }

    private var now: UInt64 { clock.nowNanoseconds - start }

    // MARK: Answers

    /// The faults that fall on a request, `nil` if none does.
    func decide(_ route: Int) -> Injection? {
        let now = now
        var injection = Injection()
        state.withLock { state in
            for (index, fault) in plan.faults.enumerated() {
                guard routes[index] == nil || routes[index] == route,
                    let end = fault.windowEnd(at: now)
                else { continue }
                if case .lie = fault.kind { continue }
                if case .stall = fault.kind {
                    let wait = end == .max ? 0 : end - now
                    injection.delayNanoseconds = max(injection.delayNanoseconds, wait)
                    state.counts[index] += 1
                    state.nanoseconds[index] += wait
                    continue
                }
                guard falls(fault, index, &state) else { continue }
                state.counts[index] += 1
                apply(fault.kind, index, to: &injection, &state)
            }
        }
        return injection.isNone ? nil : injection
    }

    private func falls(_ fault: InjectionPlan.Fault, _ index: Int, _ state: inout State) -> Bool {
        if state.burst[index] > 0 {
            state.burst[index] -= 1
            return true
        }
        if let nth = fault.nth {
            state.passed[index] += 1
            guard state.passed[index] % nth == 0 else { return false }
            if case .error(_, let burst) = fault.kind { state.burst[index] = burst - 1 }
            return true
        }
        var rate = fault.rate
        if case .error(_, let burst) = fault.kind, burst > 1 {
            // Of all answers, `rate` fail: bursts begin so much more rarely, after an answer
            // outside.
            rate = rate >= 1 ? 1 : rate / (Double(burst) * (1 - rate) + rate)
        }
        guard Double.random(in: 0..<1, using: &state.random) < rate else { return false }
        if case .error(_, let burst) = fault.kind { state.burst[index] = burst - 1 }
        return true
    }

    private func apply(
        _ kind: InjectionPlan.Kind, _ index: Int, to injection: inout Injection,
        _ state: inout State
    ) {
        switch kind {
        case .latency(let distribution):
            let delay = Self.sample(distribution, &state.random)
            injection.delayNanoseconds += delay
            state.nanoseconds[index] += delay
        case .service(let distribution, _):
            let time = Self.sample(distribution, &state.random)
            injection.delayNanoseconds += serve(time, index, &state)
            state.nanoseconds[index] += time
        case .error(let status, _): injection.status = status
        case .wrongBody: injection.wrongBody = true
        case .reset: injection.isReset = true
        case .drip(let rate): injection.dripBytesPerSecond = rate
        case .leak(let bytes): injection.leakBytes += bytes
        case .stall, .hang, .failure, .storageDown, .lie: break
        }
    }

    /// How long an answer waits for a server and is served by it.
    private func serve(_ time: UInt64, _ index: Int, _ state: inout State) -> UInt64 {
        let now = now
        guard
            let first = state.freeAt[index].indices.min(by: {
                state.freeAt[index][$0] < state.freeAt[index][$1]
            })
        else { return time }
        let end = max(now, state.freeAt[index][first]) + time
        state.freeAt[index][first] = end
        return end - now
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
        guard !plan.faults.isEmpty else { return .none }
        let now = now
        for call in calls {
            for (index, fault) in plan.faults.enumerated() {
                switch fault.kind {
                case .hang(let pod, let container) where Self.isMeant(call, pod, container):
                    guard let end = fault.windowEnd(at: now) else { continue }
                    count(index)
                    return end == .max ? .hang : .delay(end - now)
                case .failure(let pod, let container) where Self.isMeant(call, pod, container):
                    guard fault.windowEnd(at: now) != nil, draws(fault) else { continue }
                    count(index)
                    return .failure("\(call.container) has failed")
                default: continue
                }
            }
        }
        return .none
    }

    private static func isMeant(_ call: ContainerKey, _ pod: String?, _ container: String) -> Bool {
        call.container == container && (pod == nil || pod == call.pod)
    }

    private func draws(_ fault: InjectionPlan.Fault) -> Bool {
        fault.rate >= 1
            || state.withLock { Double.random(in: 0..<1, using: &$0.random) < fault.rate }
    }

    /// Why a commit fails now; `nil` if it does not.
    func storageProblem() -> String? {
        let now = now
        for (index, fault) in plan.faults.enumerated() where fault.kind == .storageDown {
            if fault.windowEnd(at: now) != nil {
                count(index)
                return "storage is down"
            }
        }
        return nil
    }

    /// Whether a lie falls on the present operation: until when it lasts, in nanoseconds of the
    /// monotonic clock; `nil` if it does not.
    func tells(_ lie: Lie) -> UInt64? {
        guard plan.has(lie) else { return nil }
        let now = now
        return state.withLock { state in
            for (index, fault) in plan.faults.enumerated() {
                guard case .lie(lie, let time) = fault.kind, fault.windowEnd(at: now) != nil,
                    falls(fault, index, &state)
                else { continue }
                state.counts[index] += 1
                return start + now + time
            }
            return nil
        }
    }

    /// Now, in nanoseconds of the monotonic clock.
    var time: UInt64 { start + now }

    private func count(_ index: Int) { state.withLock { $0.counts[index] += 1 } }

    // MARK: The truth

    /// What was done, as Prometheus text.
    var metricsText: String {
        let (counts, nanoseconds) = state.withLock { ($0.counts, $0.nanoseconds) }
        var text = "# TYPE moonbase_injected_total counter\n"
        for (index, fault) in plan.faults.enumerated() {
            text += "moonbase_injected_total{\(labels(index, fault))} \(counts[index])\n"
        }
        text += "# TYPE moonbase_injected_seconds_total counter\n"
        for (index, fault) in plan.faults.enumerated() where nanoseconds[index] > 0 {
            text += "moonbase_injected_seconds_total{\(labels(index, fault))} "
            text += "\(Double(nanoseconds[index]) / 1e9)\n"
        }
        return text
    }

    private func labels(_ index: Int, _ fault: InjectionPlan.Fault) -> String {
        "fault=\"\(index)\",kind=\"\(fault.name)\",operation=\"\(fault.operation ?? "*")\""
    }
}

extension Injection {
    /// An answer with these faults.
    func applied(to answer: Answer) -> Answer {
        var changed = answer
        if let status {
            changed = Refusal(status, "injected").answer
            changed.job = answer.job
        }
        if wrongBody {
            changed.body = changed.body.map {
                $0 == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            }
            changed.isPong = false
        }
        changed.delivery.delayNanoseconds = delayNanoseconds
        changed.delivery.isReset = isReset
        changed.delivery.dripBytesPerSecond = dripBytesPerSecond
        return changed
    }
}
