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
    private var hasBeaten = false
    private var isStopping = false
    private var lastLook: UInt64
    /// What its threads had waited for a processor at its last beat.
    private var waitedAtBeat: UInt64 = 0

    /// A worker that is silent for so long is hung, and killed, if it had a processor to work on.
    private static let hungNanoseconds: UInt64 = 900_000_000
    /// One that is silent for so long is killed, too, if it waited for a processor, or has not said
    /// yet that it serves.
    private static let starvedNanoseconds: UInt64 = 5_000_000_000
    /// A worker that was told to stop is killed after so long: above what its requests are given.
    private static let stopNanoseconds: UInt64 = 12_000_000_000
    /// A supervisor that does not look for so long was held up itself.
    private static let lookNanoseconds: UInt64 = 300_000_000
    /// The status of a worker whose settings are wrong: to start it again would not help.
    private static let wrongUsage: Int32 = 64

    /// A worker that was started at this time.
    public init(startedAt now: UInt64) {
        start = now
        lastBeat = now
        lastLook = now
    }

    /// It is to stop.
    ///
    /// - Returns: whether it has to be told, which is so once.
    public mutating func stop(at now: UInt64) -> Bool {
        guard !isStopping else { return false }
        isStopping = true
        (lastBeat, lastLook) = (now, now)
        return true
    }

    /// It has shown that it lives.
    ///
    /// - Parameter waited: nanoseconds that its threads have waited for a processor so far; `nil`
    ///   if the system does not say.
    public mutating func beat(at now: UInt64, waited: UInt64? = nil) {
        (lastBeat, hasBeaten) = (now, true)
        waitedAtBeat = waited ?? 0
    }

    /// Whether it has been silent for too long, and is to be killed.
    ///
    /// A worker that a busy machine lets wait is silent, too, and to kill it would make that worse;
    /// so does time in which the supervisor itself was held up say nothing.
    /// - Parameter waited: as for `beat`.
    public mutating func isSilent(at now: UInt64, waited: UInt64? = nil) -> Bool {
        if now - lastLook > Self.lookNanoseconds { lastBeat = min(now, lastBeat + now - lastLook) }
        lastLook = now
        let silence = now - lastBeat
        if isStopping { return silence > Self.stopNanoseconds }
        if silence > Self.starvedNanoseconds { return true }
        guard hasBeaten, silence > Self.hungNanoseconds, let waited else { return false }
        return waited < waitedAtBeat + silence / 2
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
