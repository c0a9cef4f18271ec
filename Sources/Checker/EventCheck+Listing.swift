extension EventCheck {
    /// Goes through one list of a log.
    ///
    /// - Returns: the events that it has.
    mutating func read(_ listing: EventLog.Listing, _ log: inout EventLog) -> Bitmap {
        var seen = Bitmap(count: log.ranks.count)
        // Of the events so far, the one that was sent last.
        var newest: (add: Operation, record: Operation)?
        for index in listing.records {
            let record = operations[Int(listed[index])]
            guard record.value != Operation.none else { continue }
            guard let rank = rank(of: record.value, in: log.ranks) else {
                if log.unknown.insert(record.value).inserted {
                    result.found(.invented, [record])
                }
                continue
            }
            let (event, bit) = (add(rank), rank - log.ranks.lowerBound)
            if event.outcome == .failed || record.precedes(event) {
                let isInvented = record.precedes(event)
                if log.unexpected.insert(bit) {
                    let anomaly: Anomaly = isInvented ? .invented : .executedAfterRefusal
                    result.found(anomaly, [event, record])
                }
            }
            guard seen.insert(bit) else {
                if log.duplicated.insert(bit) {
                    let isWanted = result.wantsWitness(of: .duplicated)
                    let other = isWanted ? firstRecord(of: record.value, in: listing) : []
                    result.found(.duplicated, isWanted ? [event] + other + [record] : [])
                }
                continue
            }
            if event.outcome == .ok, let newest, event.precedes(newest.add),
                log.outOfOrder.insert(bit)
            {
                result.found(.outOfOrder, [event, newest.add, newest.record, record])
            }
            if newest.map({ $0.add.invoked < event.invoked }) ?? true { newest = (event, record) }
        }
        return seen
    }

    private func firstRecord(
        of value: UInt64, in listing: EventLog.Listing
    ) -> [Operation] {
        listing.records.lazy.map { operations[Int(listed[$0])] }.first { $0.value == value }
            .map { [$0] } ?? []
    }
}
