import EventLoops

/// How storage is doing, as a plain value: whether the next write has a chance, and what to report.
struct StorageHealth: Sendable {
    /// When the commit under way began; `nil` between commits.
    private(set) var commitStarted: UInt64?
    private var failuresInRow = 0
    private var refusesUntil: UInt64 = 0
    private(set) var lastProblem: String?
    private(set) var isDamaged = false
    var commits = 0
    var writes = 0
    var failures = 0
    /// What was refused because too much waited, or had waited too long.
    var refusedWrites = 0
    var refusedReads = 0
    var lastCommitNanoseconds: UInt64 = 0
    var sumCommitNanoseconds: UInt64 = 0
    var checkpoints = 0

    /// A commit that takes so long is trouble.
    static let stuckNanoseconds: UInt64 = 1_000_000_000
    /// After a failure, writes are refused for so long; then one batch tries again.
    private static let restNanoseconds: UInt64 = 500_000_000

    mutating func began(at now: UInt64) { commitStarted = now }

    mutating func succeeded(writes count: Int, at now: UInt64) {
        let time = now - min(now, commitStarted ?? now)
        commitStarted = nil
        commits += 1
        writes += count
        lastCommitNanoseconds = time
        sumCommitNanoseconds += time
        failuresInRow = 0
        lastProblem = isDamaged ? lastProblem : nil
    }

    mutating func failed(_ problem: String, at now: UInt64) {
        commitStarted = nil
        failures += 1
        failuresInRow += 1
        lastProblem = problem
        refusesUntil = now + Self.restNanoseconds
    }

    /// The data is not as it was written: no write is taken any more.
    mutating func damaged(_ problem: String) {
        isDamaged = true
        lastProblem = problem
    }

    /// Why a write has no chance now; `nil` if it has one.
    func problem(at now: UInt64) -> String? {
        if isDamaged { return "storage is damaged: \(lastProblem ?? "")" }
        if let commitStarted, now > commitStarted + Self.stuckNanoseconds {
            return "storage does not answer"
        }
        return now < refusesUntil ? lastProblem ?? "storage is down" : nil
    }
}
