extension RegisterCheck {
    /// Finds every value that is read after another one has come behind it.
    ///
    /// The clusters are in the order of their finishes. Of two values that come before each other,
    /// the one that was there first is read again after the other one was there: so each cluster
    /// looks for the first one behind it. Those in between, which do not come after it, were all
    /// under way when it was finished, and are at most as many as there are clients.
    mutating func findConflicts() {
        let isBack = findResurrection()
        for index in clusters.indices {
            let old = clusters[index]
            if isBack, old.isDeletion || old.isResurrected { continue }
            var next = index + 1
            while next < clusters.count, clusters[next].finish < old.start {
                if clusters[next].start > old.finish {
                    found(old, clusters[next])
                    break
                }
                next += 1
            }
        }
    }

    /// Finds the values that are read after the key was deleted, and were there before.
    ///
    /// - Returns: whether there are any.
    private mutating func findResurrection() -> Bool {
        guard let deletion = clusters.first(where: \.isDeletion) else { return false }
        var found: (value: Cluster, read: Operation)?
        var (reads, isSeen) = (0, false)
        for index in clusters.indices where clusters[index].finish >= 0 {
            let value = clusters[index]
            guard !value.isDeletion, value.isBefore(deletion), deletion.isBefore(value),
                let last = offender(value, after: deletion.finish)
            else { continue }
            clusters[index].isResurrected = true
            reads += last.reads
            isSeen = isSeen || wasSeen(deletion, before: last.read)
            if last.read.invoked >= found?.read.invoked ?? 0 { found = (value, last.read) }
        }
        guard let found else { return false }
        let isGone = fate(of: deletion, found.read) == .gone
        let anomaly: Anomaly = isSeen || isGone ? .resurrected : .stale
        result.found(
            anomaly, witness(found.value, deletion, found.read),
            times: anomaly == .stale ? reads : 1)
        return true
    }

    /// Names what happened to the values behind `old`, of which `next` is the first.
    private mutating func found(_ old: Cluster, _ next: Cluster) {
        guard let last = offender(old, after: next.finish) else { return }
        let new = newest(behind: old, before: last.read) ?? next
        if old.finish < 0, let refused = refusedDelete, !last.read.precedes(refused),
            let seen = new.range.first(where: { isAnsweredGet($0) })
        {
            result.found(.executedAfterRefusal, [operations[seen], refused, last.read])
            return
        }
        let fate = fate(of: new, last.read)
        let anomaly: Anomaly = fate == .returns ? .stale : .lost
        let candidate = result.wantsWitness(of: anomaly) ? witness(old, new, last.read) : []
        if fate == .unclear {
            unclear.add(1, candidate)
        } else {
            result.found(anomaly, candidate, times: anomaly == .stale ? last.reads : 1)
        }
    }

    /// The last read of a value after a time, and the number of such reads.
    private func offender(
        _ cluster: Cluster, after time: Int64
    ) -> (read: Operation, reads: Int)? {
        var found: (read: Operation, reads: Int)?
        for index in cluster.range where isAnsweredGet(index) {
            let read = operations[index]
            guard Int64(clamping: read.invoked) > time else { continue }
            let isLast = read.invoked >= found?.read.invoked ?? 0
            found = (isLast ? read : found?.read ?? read, (found?.reads ?? 0) + 1)
        }
        return found
    }

    /// The last value that came behind `old` and was there before a read.
    private func newest(behind old: Cluster, before read: Operation) -> Cluster? {
        let time = Int64(clamping: read.invoked)
        var (low, high) = (0, clusters.count)
        while low < high {
            let middle = (low + high) / 2
            if clusters[middle].finish < time { low = middle + 1 } else { high = middle }
        }
        return clusters[..<low].last { $0.finish >= old.finish && $0.start > old.finish }
    }

    /// What became of a value whose predecessor was read after it.
    private enum Fate {
        /// It was read later.
        case returns
        /// It did not come back, to the end of the key or for long enough.
        case gone
        /// It was not seen again before it was overwritten.
        case unclear
    }

    private func fate(of new: Cluster, _ offender: Operation) -> Fate {
        let returns = new.range.contains {
            isAnsweredGet($0) && operations[$0].completed > offender.invoked
        }
        guard !returns else { return .returns }
        let age = Int64(clamping: offender.invoked) - new.finish
        let isGone = offender.invoked == lastRead || age >= Int64(clamping: staleLimit)
        return isGone ? .gone : .unclear
    }

    private func wasSeen(_ new: Cluster, before offender: Operation) -> Bool {
        new.range.contains { isAnsweredGet($0) && operations[$0].precedes(offender) }
    }

    // MARK: The proof

    /// The fewest operations that prove that `new` came after `old`, and was there when the old
    /// value was read again.
    private func witness(_ old: Cluster, _ new: Cluster, _ offender: Operation) -> [Operation] {
        var proof = [offender]
        func add(_ index: Int, of cluster: Cluster) {
            for operation in [operations[index]] + emptiness(operations[index], of: cluster)
            where !proof.contains(operation) { proof.append(operation) }
        }
        if old.finish >= 0 { add(first(of: old), of: old) }
        let both = new.range.lazy.filter {
            isCertain($0) && Int64(clamping: operations[$0].invoked) > old.finish
                && operations[$0].precedes(offender)
        }
        if let one = both.min(by: { operations[$0].invoked < operations[$1].invoked }) {
            add(one, of: new)
            return proof
        }
        add(first(of: new), of: new)
        if let last = new.range.max(by: { operations[$0].invoked < operations[$1].invoked }) {
            add(last, of: new)
        }
        return proof
    }

    /// What proves that a read of nothing saw a deleted key, and not one before its first value.
    private func emptiness(_ read: Operation, of cluster: Cluster) -> [Operation] {
        guard cluster.isDeletion, read.kind == .get else { return [] }
        let value = clusters.first { $0.finish >= 0 && !$0.isDeletion }
        if let put = value.map({ operations[first(of: $0)] }), put.precedes(read) { return [put] }
        return cluster.range.lazy.map { operations[$0] }.first { $0.kind == .delete }
            .map { [$0] } ?? []
    }

    /// The index of the operation of a cluster that ended first, of those that certainly happened.
    private func first(of cluster: Cluster) -> Int {
        cluster.range.first {
            isCertain($0) && Int64(clamping: operations[$0].completed) == cluster.finish
        } ?? cluster.range.lowerBound
    }

    private func isCertain(_ index: Int) -> Bool { operations[index].outcome == .ok }
}
