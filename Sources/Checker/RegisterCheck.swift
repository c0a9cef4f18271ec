/// Judges registers: every key by itself, from the times at which each of its values was certainly
/// there.
///
/// All operations on one value are its cluster. The value was there at `finish`, when the first of
/// them ended, and still or again there at `start`, when the last of them began. One value comes
/// before another if its finish is before the other's start; a history is linearizable if no two
/// values come before each other, and no read ends before its write begins. That holds if every
/// write of a key has a value of its own, and the key is deleted once.
///
/// - Source: Gibbons & Korach 1997, "Testing Shared Memories": zones.
struct RegisterCheck {
    /// All operations on one value of a key.
    struct Cluster {
        /// The end of the operation that ended first: at `Int64.max`, none did.
        var finish: Int64
        /// The begin of the operation that began last.
        var start: Int64
        /// Its operations.
        var range: Range<Int>
        /// Whether the value is that of a key which is deleted.
        var isDeletion = false
        /// Whether the value was read after the key was deleted.
        var isResurrected = false

        /// Whether the value was certainly there before the other one was.
        func isBefore(_ other: Cluster) -> Bool { finish < other.start }
    }

    /// From when on an old value is no longer stale, in nanoseconds after its successor was there.
    ///
    /// If nobody reads the successor later, that write is lost.
    let staleLimit: UInt64
    private(set) var operations: [Operation]
    var result = CheckResult()
    /// Writes that were overwritten soon after an old value was read in their place.
    var unclear = Finding()
    /// Of the key that is judged.
    var clusters: [Cluster] = []
    /// The begin of the key's last read, and a delete of it that was refused.
    private(set) var (lastRead, refusedDelete): (UInt64, Operation?) = (0, nil)

    /// A check of operations that are puts, gets and deletes.
    init(_ operations: consuming [Operation], staleLimit: UInt64) {
        self.operations = operations
        self.staleLimit = staleLimit
    }

    /// Judges every key; O(n log n).
    mutating func run() {
        OperationGrouping.group(&operations)
        var start = 0
        while start < operations.count {
            let key = operations[start].key
            var end = start
            while end < operations.count, operations[end].key == key {
                result.count(operations[end])
                end += 1
            }
            judge(start..<end)
            start = end
        }
        // What nobody ever read may be lost, or may have been overwritten too soon.
        guard unclear.count > 0 else { return }
        let isStale = result.findings[.stale] != nil
        result.found(isStale ? .stale : .lost, unclear.witness, times: unclear.count)
    }

    private mutating func judge(_ range: Range<Int>) {
        clusters.removeAll(keepingCapacity: true)
        (lastRead, refusedDelete) = (0, nil)
        noteReading(range)
        var start = range.lowerBound
        while start < range.upperBound, operations[start].value == Operation.none { start += 1 }
        let nothing = range.lowerBound..<start
        while start < range.upperBound {
            let value = operations[start].value
            var end = start
            while end < range.upperBound, operations[end].value == value { end += 1 }
            guard addCluster(start..<end) else {
                result.unjudged += 1
                return
            }
            start = end
        }
        guard addNothing(nothing) else {
            result.unjudged += 1
            return
        }
        clusters.sort { $0.finish < $1.finish }
        findConflicts()
    }

    /// Notes when the key was last read, and whether that was after its last write.
    private mutating func noteReading(_ range: Range<Int>) {
        var lastWrite: UInt64?
        var wasRead = false
        for index in range where operations[index].outcome == .ok {
            let operation = operations[index]
            if operation.kind == .get {
                lastRead = max(lastRead, operation.invoked)
                wasRead = true
            } else {
                lastWrite = max(lastWrite ?? 0, operation.completed)
            }
        }
        if let lastWrite, !wasRead || lastRead <= lastWrite { result.unread += 1 }
    }

    /// Adds what was done with one value that was put; `false` if it was put twice.
    private mutating func addCluster(_ range: Range<Int>) -> Bool {
        var put: Operation?
        var isRead = false
        for index in range {
            let operation = operations[index]
            if operation.kind == .put {
                guard put == nil else { return false }
                put = operation
            } else if operation.outcome == .ok {
                isRead = true
            }
        }
        guard let put, put.outcome != .failed else {
            if isRead { foundUnwritten(range, put) }
            return true
        }
        var cluster = Cluster(
            finish: put.outcome == .ok ? Int64(clamping: put.completed) : .max,
            start: Int64(clamping: put.invoked), range: range)
        var early = 0
        for index in range where isAnsweredGet(index) {
            let get = operations[index]
            guard !get.precedes(put) else {
                early += 1
                if early == 1 { result.found(.invented, [get, put]) }
                continue
            }
            cluster.include(get)
        }
        if cluster.finish < .max { clusters.append(cluster) }
        return true
    }

    /// A value was read that nobody wrote, or whose write was refused.
    private mutating func foundUnwritten(_ range: Range<Int>, _ put: Operation?) {
        guard let get = range.first(where: { isAnsweredGet($0) }).map({ operations[$0] }) else {
            return
        }
        if let put, !get.precedes(put) {
            result.found(.executedAfterRefusal, [put, get])
        } else {
            result.found(.invented, [get])
        }
    }

    /// Adds the reads of nothing: of a key before it was put, and of a deleted key; `false` if it
    /// was deleted twice.
    private mutating func addNothing(_ range: Range<Int>) -> Bool {
        var deletion: Operation?
        for index in range where operations[index].kind == .delete {
            let delete = operations[index]
            if delete.outcome == .failed {
                refusedDelete = delete
            } else {
                guard deletion == nil else { return false }
                deletion = delete
            }
        }
        let isDeleted = split(range, deletion)
        let used = operations.partition(range) {
            $0.kind == .get ? $0.outcome == .ok : $0.outcome != .failed
        }
        let deleted = operations.partition(used..<range.upperBound, by: isDeleted)
        if used < deleted {
            var initial = Cluster(finish: -1, start: -1, range: used..<deleted)
            for index in initial.range { initial.start = max(initial.start, start(index)) }
            clusters.append(initial)
        }
        guard let deletion else { return true }
        var cluster = Cluster(
            finish: deletion.outcome == .ok ? Int64(clamping: deletion.completed) : .max,
            start: Int64(clamping: deletion.invoked), range: deleted..<range.upperBound,
            isDeletion: true)
        for index in cluster.range where operations[index].kind == .get {
            cluster.include(operations[index])
        }
        if cluster.finish < .max { clusters.append(cluster) }
        return true
    }

    /// Tells the reads of a deleted key, and its deletion, from the reads before it was put.
    ///
    /// A read of nothing came before all values if none of them was there when it began; it is
    /// taken for one of the deleted key only if it must be, which never makes a difference to the
    /// others.
    private func split(_ range: Range<Int>, _ deletion: Operation?) -> (Operation) -> Bool {
        guard let deletion else { return { _ in false } }
        let firstValue = clusters.lazy.map(\.finish).min() ?? .max
        var finish = deletion.outcome == .ok ? Int64(clamping: deletion.completed) : .max
        for index in range where isAnsweredGet(index) && start(index) > firstValue {
            if operations[index].completed >= deletion.invoked {
                finish = min(finish, Int64(clamping: operations[index].completed))
            }
        }
        let limit = min(firstValue, finish)
        return { operation in
            operation.kind == .delete
                || operation.completed >= deletion.invoked
                    && Int64(clamping: operation.invoked) > limit
        }
    }

    func isAnsweredGet(_ index: Int) -> Bool {
        operations[index].kind == .get && operations[index].outcome == .ok
    }

    private func start(_ index: Int) -> Int64 { Int64(clamping: operations[index].invoked) }
}

extension RegisterCheck.Cluster {
    fileprivate mutating func include(_ get: Operation) {
        finish = min(finish, Int64(clamping: get.completed))
        start = max(start, Int64(clamping: get.invoked))
    }
}
