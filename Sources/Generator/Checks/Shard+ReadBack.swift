public import EventLoops
import Profiles

/// Reads what the load has written, once more.
extension Shard {
    /// A key to read.
    public struct KeyToRead: Sendable {
        /// Its text.
        public let text: [UInt8]
        /// Its number in the log of operations.
        public let number: UInt32
        /// The scenario that used it, by its index in the profile.
        public let scenario: Int

        /// A key from its parts.
        public init(text: [UInt8], number: UInt32, scenario: Int) {
            self.text = text
            self.number = number
            self.scenario = scenario
        }
    }

    private static let maximumReadsAtOnce = 16
    private static let readBackPollNanoseconds: UInt64 = 1_000_000

    /// Reads each key once, one after every interval at most; ends when all were answered, or
    /// `isStopped`.
    ///
    /// Its operations have the numbers of `keys`, and nothing else of it is for the evidence.
    ///
    /// - Parameters:
    ///   - pass: how often keys were read back before, which tells lists of a log apart.
    ///   - interval: nanoseconds between two keys.
    /// - Returns: the numbers of the keys whose read was answered.
    public static func readBack(
        _ shard: LoopBound<Shard>, _ keys: [KeyToRead], pass: Int, interval: UInt64,
        isStopped: @escaping @Sendable () -> Bool
    ) async -> Set<UInt32> {
        await withDiscardingTaskGroup { group in
            let loop = shard.value.loop
            group.addTask(executorPreference: loop) { await shard.value.sweepTimeouts() }
            await shard.value.readBack(
                keys, pass: pass, interval: interval, isStopped: isStopped)
            await shard.value.drain()
        }
        return shard.value.keysRead
    }

    private func readBack(
        _ keys: [KeyToRead], pass: Int, interval: UInt64, isStopped: @Sendable () -> Bool
    ) async {
        isReadingBack = true
        journal.fixedList = OperationJournal.firstReadBackList + UInt16(clamping: min(pass, 500))
        var due = now
        for key in keys {
            while inFlight >= Self.maximumReadsAtOnce || now < due {
                guard !isStopped() else { return }
                await loop.sleep(
                    until: now < due ? due : now + Self.readBackPollNanoseconds)
            }
            guard !isStopped(), let reader = plan.readerOfScenario[key.scenario] else { return }
            due = max(due + interval, now)
            startReading(key, by: reader)
        }
    }

    private func startReading(_ key: KeyToRead, by reader: Int) {
        let user = userForReading()
        inFlight += 1
        user.scenario = reader
        user.phase = 0
        user.due = now
        user.ignoresDelays = true
        user.checked.key = key.text
        user.checked.number = key.number
        if begin(user, number: UInt64(key.number)) { advance(user) } else { ended(user) }
    }
}
