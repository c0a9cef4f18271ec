/// One search for changes, its window moving over the values.
struct ChangeSearch {
    let values: [Double]
    let options: ChangePoints.Options
    /// Whether the values are logarithms, so that a difference of means is a ratio of levels.
    let isLogarithmic: Bool

    func changes() -> [ChangePoints.Change] { merged(candidates()) }

    /// The first pass takes more than will be kept.
    private var weakP: Double { options.maximumP < 0.05 ? 10 * options.maximumP : options.maximumP }

    /// The changes of every window.
    private func candidates() -> [Int] {
        var found: Set<Int> = []
        let step = max(1, options.window / 2)
        var start = 0
        while start < values.count {
            let end = min(start + options.window, values.count)
            let new = splits(of: Array(values[start..<end])).map { $0 + start }
            start = max(new.last ?? 0, start + step)
            found.formUnion(new)
        }
        return found.sorted()
    }

    /// The splits of one window: the best of all its segments again and again, while it is
    /// significant.
    private func splits(of window: [Double]) -> [Int] {
        var points: [Int] = []
        var best: [Int: EnergySplit?] = [:]
        while points.count < window.count {
            let ends = [0] + points + [window.count]
            var candidate: (split: EnergySplit, from: Int, to: Int)?
            for (from, to) in zip(ends, ends.dropFirst()) {
                let key = from * (window.count + 1) + to
                if best[key] == nil {
                    best[key] = .some(EnergySplit.best(of: Array(window[from..<to])))
                }
                guard let split = best[key] ?? nil else { continue }
                if split.statistic > candidate?.split.statistic ?? -.infinity {
                    candidate = (split, from, to)
                }
            }
            guard let candidate else { break }
            let place = candidate.from + candidate.split.index
            let p = pooledP(
                Array(window[candidate.from..<place]), Array(window[place..<candidate.to]))
            guard p <= weakP else { break }
            points.append(place)
            points.sort()
        }
        return points
    }

    /// Drops the weakest change until all are strong enough.
    private func merged(_ candidates: [Int]) -> [ChangePoints.Change] {
        var points = candidates
        var changes = points.indices.map { change($0, of: points) }
        while let weakest = weakest(of: changes, at: points) {
            points.remove(at: weakest)
            changes.remove(at: weakest)
            for neighbour in [weakest - 1, weakest] where changes.indices.contains(neighbour) {
                changes[neighbour] = change(neighbour, of: points)
            }
        }
        return changes
    }

    /// The change to drop next; `nil` if all are strong enough.
    private func weakest(of changes: [ChangePoints.Change], at points: [Int]) -> Int? {
        guard !changes.isEmpty else { return nil }
        let ends = [0] + points + [values.count]
        let short = changes.indices.filter { place in
            min(ends[place + 1] - ends[place], ends[place + 2] - ends[place + 1])
                < options.minimumSegment
        }
        let pool = short.isEmpty ? Array(changes.indices) : short
        let unlikely = pool.reduce(pool[0]) { changes[$1].p > changes[$0].p ? $1 : $0 }
        if !short.isEmpty || changes[unlikely].p >= options.maximumP { return unlikely }
        let smallest = pool.reduce(pool[0]) {
            changes[$1].magnitude < changes[$0].magnitude ? $1 : $0
        }
        return changes[smallest].magnitude <= options.minimumMagnitude ? smallest : nil
    }

    private func change(_ place: Int, of points: [Int]) -> ChangePoints.Change {
        let from = place > 0 ? points[place - 1] : 0
        let to = place + 1 < points.count ? points[place + 1] : values.count
        let before = Array(values[from..<points[place]])
        let after = Array(values[points[place]..<to])
        let (meanBefore, meanAfter) = (before.mean ?? 0, after.mean ?? 0)
        let ratio: Double? =
            if isLogarithmic {
                Double.exp(meanAfter - meanBefore)
            } else {
                meanBefore == 0 ? nil : meanAfter / meanBefore
            }
        return ChangePoints.Change(
            index: points[place], p: pooledP(before, after), meanBefore: meanBefore,
            meanAfter: meanAfter, ratio: ratio)
    }

    private func pooledP(_ a: [Double], _ b: [Double]) -> Double {
        StudentTest.pooled(a, b, divisorLess: options.varianceDivisorLess) ?? 1
    }
}
