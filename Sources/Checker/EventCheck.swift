/// Judges logs: every acknowledged event is listed once, in order, and nothing else is.
///
/// Events have ranks by log and value; what is known of them is in bitmaps.
struct EventCheck {
    let operations: [Operation]
    var result = CheckResult()
    /// Indices of adds, by log and value; the rank of an event is its index here.
    private var adds: [UInt32] = []
    /// Indices of list records, by log and list, in the order in which they were listed.
    private(set) var listed: [UInt32] = []

    /// A check of operations that are adds and lists; the records of a list are in its order.
    init(_ operations: consuming [Operation]) { self.operations = operations }

    /// Judges every log; O(n log n).
    mutating func run() {
        sortOperations()
        var (add, record) = (0, 0)
        while add < adds.count || record < listed.count {
            let log = min(key(adds, add), key(listed, record))
            let (firstAdd, firstRecord) = (add, record)
            while add < adds.count, key(adds, add) == log { add += 1 }
            while record < listed.count, key(listed, record) == log { record += 1 }
            judge(EventLog(ranks: firstAdd..<add), firstRecord..<record)
        }
    }

    private mutating func sortOperations() {
        for index in operations.indices {
            let operation = operations[index]
            result.count(operation)
            if operation.kind == .add {
                adds.append(UInt32(index))
            } else if operation.outcome == .ok {
                listed.append(UInt32(index))
            }
        }
        adds.sort { [operations] in
            let (one, other) = (operations[Int($0)], operations[Int($1)])
            return one.key == other.key ? one.value < other.value : one.key < other.key
        }
        listed.sort { [operations] in
            let (one, other) = (operations[Int($0)], operations[Int($1)])
            return (one.key, one.client, $0) < (other.key, other.client, $1)
        }
    }

    private func key(_ indices: [UInt32], _ index: Int) -> UInt32 {
        index < indices.count ? operations[Int(indices[index])].key : .max
    }

    private mutating func judge(_ log: consuming EventLog, _ records: Range<Int>) {
        let ranks = log.ranks
        for rank in ranks.dropFirst() where add(rank).value == add(rank - 1).value {
            result.unjudged += 1
            return
        }
        // In the order of their acknowledgments.
        var waiting: [UInt32] = []
        for rank in ranks where add(rank).outcome == .ok { waiting.append(UInt32(rank)) }
        waiting.sort { add(Int($0)).completed < add(Int($1)).completed }
        var listedBefore = 0
        for listing in listings(records) {
            let seen = read(listing, &log)
            let returned = log.missing.intersection(seen)
            found(.stale, returned, &log)
            log.missing = log.missing.subtracting(seen)
            guard listing.end != nil else { continue }
            while listedBefore < waiting.count,
                add(Int(waiting[listedBefore])).completed < listing.invoked
            {
                log.acknowledged.insert(Int(waiting[listedBefore]) - ranks.lowerBound)
                listedBefore += 1
            }
            log.missing.formUnion(log.acknowledged.subtracting(seen))
            log.lastComplete = listing
        }
        found(.lost, log.missing, &log)
        result.unread += waiting.count - listedBefore
    }

    /// Counts events that a complete list should have had.
    private mutating func found(_ anomaly: Anomaly, _ events: Bitmap, _ log: inout EventLog) {
        let count = events.count
        guard count > 0, let listing = log.lastComplete, let end = listing.end else { return }
        // The event whose acknowledgment is nearest to the list is the smallest proof.
        var nearest: Int?
        var bit = events.first(from: 0)
        while let next = bit {
            let event = add(log.ranks.lowerBound + next)
            if nearest.map({ add($0).invoked < event.invoked }) ?? true {
                nearest = log.ranks.lowerBound + next
            }
            bit = events.first(from: next + 1)
        }
        guard let nearest else { return }
        let first = operations[Int(listed[listing.records.lowerBound])]
        let last = operations[Int(listed[end])]
        result.found(
            anomaly, [add(nearest), first] + (first == last ? [] : [last]), times: count)
    }

    /// The lists of a log, in the order in which they were asked for.
    private func listings(_ records: Range<Int>) -> [EventLog.Listing] {
        var found: [EventLog.Listing] = []
        var start = records.lowerBound
        while start < records.upperBound {
            let client = operations[Int(listed[start])].client
            var listing = EventLog.Listing(records: start..<start)
            var end = start
            while end < records.upperBound, operations[Int(listed[end])].client == client {
                let record = operations[Int(listed[end])]
                listing.invoked = min(listing.invoked, record.invoked)
                if record.value == Operation.none { listing.end = end }
                end += 1
            }
            listing.records = start..<end
            found.append(listing)
            start = end
        }
        return found.sorted { $0.invoked < $1.invoked }
    }

    /// The add of a rank.
    func add(_ rank: Int) -> Operation { operations[Int(adds[rank])] }

    /// The rank of an event of a log; `nil` if nobody added it there.
    func rank(of value: UInt64, in ranks: Range<Int>) -> Int? {
        var (low, high) = (ranks.lowerBound, ranks.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if add(middle).value < value { low = middle + 1 } else { high = middle }
        }
        return low < ranks.upperBound && add(low).value == value ? low : nil
    }
}

/// What is known of one log.
struct EventLog {
    /// One list of a log, over all its pages.
    struct Listing {
        /// Indices of its records.
        var records: Range<Int>
        /// When its first page was asked for.
        var invoked: UInt64 = .max
        /// The index of the record that says that the log's end was reached; `nil` if none does.
        var end: Int?
    }

    let ranks: Range<Int>
    /// Acknowledged before the last complete list; bits count from the first rank.
    var acknowledged: Bitmap
    /// Missing in a complete list, and in all since.
    var missing: Bitmap
    var duplicated: Bitmap
    /// Written down as invented, or executed after refusal.
    var unexpected: Bitmap
    var outOfOrder: Bitmap
    /// Values that were listed and never added.
    var unknown: Set<UInt64> = []
    /// The last list that was complete.
    var lastComplete: Listing?

    init(ranks: Range<Int>) {
        self.ranks = ranks
        let clear = Bitmap(count: ranks.count)
        (acknowledged, missing, duplicated) = (clear, clear, clear)
        (unexpected, outOfOrder) = (clear, clear)
    }
}
