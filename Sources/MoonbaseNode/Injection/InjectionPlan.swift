/// What goes wrong on purpose, and when: times count from the node's start.
public struct InjectionPlan: Sendable {
    /// How long a delayed answer waits.
    enum Distribution: Sendable, Equatable {
        case constant(Double)
        case uniform(Double, Double)
        case exponential(mean: Double)
        /// By its median and the standard deviation of its logarithm.
        case lognormal(median: Double, sigma: Double)
    }

    enum Kind: Sendable, Equatable {
        /// Nanoseconds.
        case latency(Distribution)
        /// Each answer takes so long of one of so many servers, and waits until one is free.
        case service(Distribution, servers: Int)
        /// Every answer that is due while it lasts waits for its end.
        case stall
        /// So many answers in a row, from each that is drawn.
        case error(status: Int, burst: Int)
        case wrongBody
        case reset
        case drip(bytesPerSecond: Int)
        case leak(bytes: Int)
        /// A container does not answer.
        case hang(pod: String?, container: String)
        /// A container answers with a failure.
        case failure(pod: String?, container: String)
        /// Commits fail.
        case storageDown
        /// Acknowledged data is not what it should be; so long, if it takes a time.
        case lie(Lie, nanoseconds: UInt64)
        /// Each sync takes so much longer.
        case slowDisk(Distribution)
        /// Syncs do nothing, and say that all is well.
        case unsyncedWrites

        /// Whether it needs SQLite's access to files that keeps what is not synced.
        var isOfDisk: Bool {
            switch self {
            case .slowDisk, .unsyncedWrites: true
            default: false
            }
        }

        /// Whether it falls on answers, and not on what answers are made of.
        var isOfAnswers: Bool {
            switch self {
            case .hang, .failure, .storageDown, .slowDisk, .unsyncedWrites, .lie: false
            default: true
            }
        }
    }

    struct Fault: Sendable {
        var name: String
        var kind: Kind
        /// The operation that it is for; `nil` for every one.
        var operation: String?
        /// The share of requests that it falls on.
        var rate = 1.0
        /// It falls on each request of this number among those that it is for, instead of a share
        /// of them; `nil` for the share.
        var nth: Int?
        /// From when until when, in nanoseconds since the start.
        var start: UInt64 = 0
        var duration = UInt64.max
        /// It comes again after so long; 0 for once.
        var every: UInt64 = 0

        /// The end of the window that `time` is in; `nil` outside.
        func windowEnd(at time: UInt64) -> UInt64? {
            guard time >= start else { return nil }
            let elapsed = every == 0 ? time - start : (time - start) % every
            guard elapsed < duration else { return nil }
            return duration == .max ? .max : time + (duration - elapsed)
        }

        /// Whether it does not come again.
        func isOver(at time: UInt64) -> Bool {
            every == 0 && duration != .max && time >= start && time - start >= duration
        }
    }

    var seed: UInt64 = 42
    var faults: [Fault] = []

    /// Nothing goes wrong.
    public init() {}
}
