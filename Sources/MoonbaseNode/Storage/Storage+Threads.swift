import EventLoops
import Glibc

extension Storage {
    // MARK: The writer's thread

    func write(to database: Database) {
        defer { writes.withLock { $0.threads = 0 } }
        let most = settings.hasGroupCommit ? Self.maximumInCommit : 1
        // A process that was ended may have left some.
        var hasGarbage = true
        while true {
            let next: (batch: [Write], late: [Write])? = writes.wait { queue in
                guard !queue.isEmpty || hasGarbage else {
                    return queue.isClosed ? .some(nil) : nil
                }
                return take(from: &queue, most: most)
            }
            guard let next else { return }
            refuse(next.late)
            if !next.batch.isEmpty || hasGarbage { hasGarbage = commit(next.batch, to: database) }
        }
    }

    /// The next writes of a commit, and those before and among them that have waited too long.
    private func take(
        from queue: inout StorageQueue<Write>, most: Int
    ) -> (batch: [Write], late: [Write]) {
        let now = settings.clock.nowNanoseconds
        var (batch, late): ([Write], [Write]) = ([], [])
        while batch.count < most, let (write, isLate) = queue.popFirst(at: now) {
            if isLate, !write.isPatient { late.append(write) } else { batch.append(write) }
        }
        return (batch, late)
    }

    /// Answers writes that are not carried out any more.
    private func refuse(_ late: [Write]) {
        guard !late.isEmpty else { return }
        health.withLock { $0.refusedWrites += late.count }
        for write in late where write.claim() { write.ended(.failure(.overload(of: "writes"))) }
    }

    /// All changes of a batch in one transaction: one fsync answers many.
    ///
    /// True where garbage is left.
    private func commit(_ batch: [Write], to database: Database) -> Bool {
        health.withLock { $0.began(at: settings.clock.nowNanoseconds) }
        let wanted = batch.filter { $0.claim() }
        do {
            let (results, hasGarbage) = try transaction(wanted, on: database)
            settle(wanted, results)
            return hasGarbage
        } catch {
            guard wanted.count > 1, settings.fault?() == nil else {
                fail(wanted, error)
                return false
            }
            // One bad change does not take the others with it: each gets a transaction of its own.
            for write in wanted {
                do { settle([write], try transaction([write], on: database).results) } catch {
                    fail([write], error)
                }
            }
            return false
        }
    }

    private func settle(_ writes: [Write], _ results: [Result<Change, Refusal>]) {
        let now = settings.clock.nowNanoseconds
        health.withLock { $0.succeeded(writes: writes.count, at: now) }
        for case .success(let change) in results { change.effect?() }
        for (write, result) in zip(writes, results) { write.ended(result.map(\.answer)) }
    }

    private func fail(_ writes: [Write], _ refusal: Refusal) {
        let now = settings.clock.nowNanoseconds
        health.withLock { $0.failed(refusal.message, at: now) }
        log("error", "a commit failed: \(refusal.message)")
        for write in writes { write.ended(.failure(refusal)) }
    }

    private func transaction(
        _ writes: [Write], on database: Database
    ) throws(Refusal) -> (results: [Result<Change, Refusal>], hasGarbage: Bool) {
        var results: [Result<Change, Refusal>] = []
        var hasGarbage = false
        if let problem = settings.fault?() { throw Refusal(503, problem) }
        do throws(Refusal) {
            try database.run("BEGIN IMMEDIATE")
            for write in writes { results.append(try attempt(write, on: database)) }
            hasGarbage = try collectGarbage(database)
            try database.run("COMMIT")
        } catch {
            _ = try? database.run("ROLLBACK")
            throw error
        }
        return (results, hasGarbage)
    }

    /// One change; a refusal comes before anything is changed, or the whole transaction goes.
    private func attempt(
        _ write: Write, on database: Database
    ) throws(Refusal) -> Result<Change, Refusal> {
        let before = database.totalChanges
        do throws(Refusal) { return .success(try write.body(database)) } catch {
            if error.isTransient || database.totalChanges != before { throw error }
            return .failure(error)
        }
    }

    /// Removes a part of what deleted databases have left, so that no commit is long; true where
    /// more is left.
    private func collectGarbage(_ database: Database) throws(Refusal) -> Bool {
        guard let row = try database.run("SELECT database FROM garbage LIMIT 1").first else {
            return false
        }
        var left = Self.garbagePerCommit
        try database.run(
            """
            DELETE FROM records WHERE (database, key) IN \
            (SELECT database, key FROM records WHERE database = ? LIMIT ?)
            """, [row[0], .integer(left)])
        left -= Int64(database.changes)
        try database.run(
            """
            DELETE FROM events WHERE sequence IN \
            (SELECT sequence FROM events WHERE database = ? LIMIT ?)
            """, [row[0], .integer(left)])
        left -= Int64(database.changes)
        if left > 0 { try database.run("DELETE FROM garbage WHERE database = ?", [row[0]]) }
        return true
    }

    private static var garbagePerCommit: Int64 { 500 }

    // MARK: The readers' threads

    func serve(_ reader: Reader) {
        defer { reads.withLock { $0.threads -= 1 } }
        while true {
            let body: (@Sendable (Reader) -> Void)?? = reads.wait { queue in
                if let next = queue.popFirst(at: 0) { return .some(next.element) }
                return queue.isClosed ? .some(nil) : nil
            }
            guard let body, let body else { return }
            body(reader)
        }
    }

    // MARK: The checkpointer's thread

    func checkpoint(_ database: Database) {
        defer { reads.withLock { $0.threads -= 1 } }
        if !isVerified { check(database) }
        var lastCommits = 0
        while !reads.withLock({ $0.isClosed }) {
            usleep(100_000)
            let size = logBytes
            let commits = health.withLock { $0.commits }
            guard size > Self.checkpointBytes, commits != lastCommits else { continue }
            lastCommits = commits
            // RESTART waits for readers, and so bounds the log where there is always a reader.
            let mode = size > Self.restartBytes ? "RESTART" : "PASSIVE"
            _ = try? database.run("PRAGMA wal_checkpoint(\(mode))")
            health.withLock { $0.checkpoints += 1 }
        }
        _ = try? database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private static var checkpointBytes: Int { 4 << 20 }
    private static var restartBytes: Int { 64 << 20 }

    /// The size of the write-ahead log, in bytes.
    var logBytes: Int {
        var status = stat()
        return stat("\(path)-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    /// All tables, while the node serves already.
    private func check(_ database: Database) {
        let start = settings.clock.nowNanoseconds
        let result: String
        do { result = try database.run("PRAGMA quick_check(1)").first?.first?.text ?? "" } catch {
            result = error.message
        }
        let seconds = Double(settings.clock.nowNanoseconds - start) / 1e9
        guard result != "ok" else {
            return log("info", "the data is whole; checked in \(seconds) s")
        }
        health.withLock { $0.damaged(result) }
        log("error", "the data is damaged: \(result)")
    }
}
