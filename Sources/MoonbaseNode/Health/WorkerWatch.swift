/// What a supervisor makes of one worker: whether it hangs, and how it has ended.
///
/// Times are monotonic nanoseconds.
public struct WorkerWatch: Sendable {
    /// How a worker has ended.
    public enum End: Sendable, Equatable {
        /// In order; the supervisor ends with this exit code.
        case stopped(Int32)
        /// By itself, with this status of `waitpid`.
        case crashed(Int32)
        /// It was silent for too long, and was killed.
        case hung
    }

    private let start: UInt64
    private var lastBeat: UInt64
    private var isStopping = false

    /// A worker that is silent for so long is hung, and killed.
    private static let hungNanoseconds: UInt64 = 5_000_000_000
    /// A worker that was told to stop is killed after so long: above what its requests are given.
    private static let stopNanoseconds: UInt64 = 12_000_000_000
    /// The status of a worker whose settings are wrong: to start it again would not help.
    private static let wrongUsage: Int32 = 64

    /// A worker that was started at this time.
    public init(startedAt now: UInt64) {
        start = now
        lastBeat = now
    }

    /// It is to stop.
    ///
    /// - Returns: whether it has to be told, which is so once.
    public mutating func stop(at now: UInt64) -> Bool {
        guard !isStopping else { return false }
        isStopping = true
        lastBeat = now
        return true
    }

    /// It has shown that it lives.
    public mutating func beat(at now: UInt64) { lastBeat = now }

    /// Whether it has been silent for too long, and is to be killed.
    public func isSilent(at now: UInt64) -> Bool {
        now - lastBeat > (isStopping ? Self.stopNanoseconds : Self.hungNanoseconds)
    }

    /// What it is that it has ended with a status of `waitpid`; `nil` where it was killed for its
    /// silence.
    public func end(status: Int32?) -> End {
        guard let status else { return isStopping ? .stopped(1) : .hung }
        if isStopping { return .stopped(status == 0 ? 0 : 1) }
        return status == Self.wrongUsage << 8 ? .stopped(Self.wrongUsage) : .crashed(status)
    }

    /// How long it has lived, in seconds.
    public func seconds(at now: UInt64) -> Double { Double(now - start) / 1e9 }
}
