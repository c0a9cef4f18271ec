extension CheckResult {
    /// So old a value, read after its successor was acknowledged, is not stale but says that the
    /// successor is lost: 1 s.
    public static let usualStaleLimitNanoseconds: UInt64 = 1_000_000_000

    /// Judges operations in any order but that of lists; O(n log n).
    ///
    /// They are sorted where they are if the caller has no further use for them, and all are of
    /// registers or all of logs; else they are copied.
    ///
    /// - Parameter staleLimitNanoseconds: an old value that is read later than this after its
    ///   successor was there, where the successor does not come back, means that it is lost.
    public init(
        of operations: consuming [Operation],
        staleLimitNanoseconds: UInt64 = usualStaleLimitNanoseconds
    ) {
        let events = operations.count { $0.isOfLog }
        if events == operations.count {
            var check = EventCheck(operations)
            check.run()
            self = check.result
        } else if events == 0 {
            var check = RegisterCheck(operations, staleLimit: staleLimitNanoseconds)
            check.run()
            self = check.result
        } else {
            let both = operations
            self.init(of: both.filter { $0.isOfLog })
            add(
                CheckResult(
                    of: both.filter { !$0.isOfLog },
                    staleLimitNanoseconds: staleLimitNanoseconds))
        }
    }

    private mutating func add(_ other: CheckResult) {
        operations += other.operations
        acknowledgedWrites += other.acknowledgedWrites
        refusedWrites += other.refusedWrites
        uncertainWrites += other.uncertainWrites
        reads += other.reads
        unread += other.unread
        unjudged += other.unjudged
        for (anomaly, finding) in other.findings {
            found(anomaly, finding.witness, times: finding.count)
        }
    }
}

extension Operation {
    fileprivate var isOfLog: Bool { kind == .add || kind == .list }
}
