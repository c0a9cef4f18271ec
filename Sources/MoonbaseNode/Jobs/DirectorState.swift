/// What the JobDirector knows, as a plain value: every event is a method that gives what is to be
/// done about it, and time comes in as an argument.
struct DirectorState {
    /// What is to be done once the lock is free.
    enum Action {
        case run(Attempt, Order)
        case answer(@Sendable (Answer) -> Void, Answer)
        case undo(@Sendable () -> Void)
        case bury(DeadLetter)
        case drop(String)
        case log(String, level: String, pod: String)
    }

    /// A job between its submission and its end.
    struct Job {
        let serial: UInt64
        let name: String
        let order: Order
        let answered: @Sendable (Answer) -> Void
        let created: Double
        let deadline: UInt64
        /// When it began to wait for its container.
        var queuedAt: UInt64
        var attempts: Int
        /// The attempt under way; `nil` while the job is queued.
        var attempt: Attempt?
        /// Whether the containers have taken the call, so that only its deadline ends it.
        var isDelivered = false
        var error: String?
    }

    /// A container that has had a job lately.
    struct Container {
        var queue = Fifo<UInt64>()
        var running = 0
        var breaker = CircuitBreaker()
        var lastUsed: UInt64 = 0

        var isIdle: Bool { queue.isEmpty && running == 0 }
    }

    /// A pod that has had a job lately: its share of everything is bounded, so that its trouble
    /// stays its own.
    struct Pod {
        var live = 0
        var containers: [String: Container] = [:]
    }

    struct Timer {
        let at: UInt64
        let serial: UInt64
        let attempt: Int
    }

    /// Bounds, and times in nanoseconds.
    struct Limits {
        var deadline: UInt64 = 7_000_000_000
        var call: UInt64 = 500_000_000
        var attempts = 4
        var runningPerContainer = 256
        var queuedPerContainer = 1024
        /// While the first job in a container's queue has waited longer, no other is taken.
        var wait: UInt64 = 500_000_000
        var livePerPod = 2048
        var live = 20_000
        var log = 2048
        var deadLetters = 10_000
    }

    let limits: Limits
    let epoch: String
    var jobs: [UInt64: Job] = [:]
    var pods: [String: Pod] = [:]
    var log: JobLog
    var letters: [DeadLetter] = []
    var succeeded = 0
    var failed = 0
    var opened = 0
    var retried = 0
    var refused = 0
    var timedOut = 0
    var budget = RetryBudget()
    var random: SplitMix
    var nextSerial: UInt64 = 1
    var deadlines = Fifo<Timer>()
    var calls = Fifo<Timer>()
    /// Delayed calls and retries, the earliest first.
    var later: [Timer] = []
    var nextPrune: UInt64 = 0

    init(limits: Limits, epoch: String, seed: UInt64) {
        self.limits = limits
        self.epoch = epoch
        log = JobLog(most: limits.log)
        random = SplitMix(state: seed)
    }

    /// Jobs that wait for their container, or for another attempt.
    var queued: Int { jobs.values.count { $0.attempt == nil } }

    func record(of job: Job, _ state: JobRecord.State, finished: Double? = nil) -> JobRecord {
        JobRecord(
            name: job.name, state: state, command: job.order.command, key: job.order.key,
            attempts: job.attempts, error: job.error, created: job.created, finished: finished)
    }

    mutating func withContainer<Result>(
        _ key: ContainerKey, _ body: (inout Container) -> Result
    ) -> Result {
        body(&pods[key.pod, default: Pod()].containers[key.container, default: Container()])
    }

    /// Forgets containers that have been idle, so that memory follows what is in use.
    mutating func prune(at now: UInt64) {
        guard now >= nextPrune else { return }
        nextPrune = now + 5_000_000_000
        for (name, pod) in pods {
            for (container, value) in pod.containers
            where value.isIdle && now - min(now, value.lastUsed) > 60_000_000_000 {
                pods[name]?.containers[container] = nil
            }
            if pods[name]?.containers.isEmpty == true { pods[name] = nil }
        }
    }
}

/// A small generator of random numbers with a seed.
///
/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
