import Glibc

/// The node's data on disk: one writer with group commit, and a pool of readers.
final class Storage: Sendable {
    /// A change, and what to do with its answer once that is on disk.
    struct Write: Sendable {
        let body: @Sendable (Database) throws(Refusal) -> Answer
        let answered: @Sendable (Answer) -> Void
    }

    private struct Queue: Sendable {
        var writes: [Write] = []
        var isClosed = false
        var hasEnded = false
    }

    private let path: String
    private let queue = Locked(Queue())
    private let readers = Locked<[Database]>([])

    /// More than that waiting is overload: 503.
    private static let mostWaiting = 10_000
    private static let mostInCommit = 512

    /// Opens the storage of a folder, and starts the writer.
    init(folder: String) throws(NodeError) {
        path = "\(folder)/moonbase.sqlite"
        let writer = WriterThread(
            storage: self, database: try Database(path: path, isReader: false))
        let argument = Unmanaged.passRetained(writer).toOpaque()
        var thread = pthread_t()
        let number = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let writer = Unmanaged<WriterThread>.fromOpaque(argument).takeRetainedValue()
                writer.storage.write(to: writer.database)
                return nil
            }, argument)
        guard number == 0 else {
            throw NodeError("no thread for the writer", hint: "end some processes")
        }
        pthread_detach(thread)
    }

    private final class WriterThread {
        let storage: Storage
        let database: Database

        init(storage: Storage, database: Database) {
            self.storage = storage
            self.database = database
        }
    }

    /// Queues a change; false where the queue is full or closed.
    func submit(_ write: Write) -> Bool {
        let isTaken = queue.withLock { queue in
            guard !queue.isClosed, queue.writes.count < Self.mostWaiting else { return false }
            queue.writes.append(write)
            return true
        }
        if isTaken { queue.signal() }
        return isTaken
    }

    /// Runs a query on a reader of the pool, on the caller's thread.
    func read<Result>(_ body: (Database) throws(Refusal) -> Result) throws(Refusal) -> Result {
        let reader: Database
        if let pooled = readers.withLock({ $0.popLast() }) {
            reader = pooled
        } else {
            do { reader = try Database(path: path, isReader: true) } catch {
                throw Refusal(503, error.message)
            }
        }
        defer { readers.withLock { $0.append(reader) } }
        return try body(reader)
    }

    /// Changes that wait for the writer.
    var waiting: Int { queue.withLock { $0.writes.count } }

    /// Ends the writer once everything queued is on disk, and waits for that.
    func close() {
        queue.withLock { $0.isClosed = true }
        queue.signal()
        while !queue.withLock({ $0.hasEnded }) { usleep(1000) }
        readers.withLock { $0.removeAll() }
    }

    // MARK: The writer's thread

    private func write(to database: Database) {
        while true {
            let batch: [Write] = queue.wait { queue in
                guard !queue.writes.isEmpty else { return queue.isClosed ? [] : nil }
                let batch = Array(queue.writes.prefix(Self.mostInCommit))
                queue.writes.removeFirst(batch.count)
                return batch
            }
            guard !batch.isEmpty else { return queue.withLock { $0.hasEnded = true } }
            commit(batch, to: database)
        }
    }

    /// All changes of a batch in one transaction: one fsync answers many.
    private func commit(_ batch: [Write], to database: Database) {
        var answers: [Answer] = []
        do {
            try database.run("BEGIN IMMEDIATE")
            for write in batch { answers.append(try attempt(write, on: database)) }
            try database.run("COMMIT")
        } catch {
            _ = try? database.run("ROLLBACK")
            for write in batch { write.answered(error.answer) }
            return
        }
        for (write, answer) in zip(batch, answers) { write.answered(answer) }
    }

    /// One change, undone where it is refused.
    private func attempt(_ write: Write, on database: Database) throws(Refusal) -> Answer {
        try database.run("SAVEPOINT one")
        do {
            let answer = try write.body(database)
            try database.run("RELEASE one")
            return answer
        } catch {
            try database.run("ROLLBACK TO one")
            try database.run("RELEASE one")
            if error.status == 503 { throw error }
            return error.answer
        }
    }
}
