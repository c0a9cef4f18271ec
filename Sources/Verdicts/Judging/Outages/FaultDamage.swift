import Statistics

/// The requests that went wrong by a fault, told from those that go wrong at any time.
///
/// - Source: statistics.md section 9.
struct FaultDamage {
    /// What went wrong by one fault.
    struct Harm {
        /// From the first to the last request that did.
        let outage: Outage
        /// How many requests failed in it.
        let failed: Int
        /// The share of requests in it that failed or were late, 0 to 1.
        let share: Double
        /// Seconds of load that this is worth, without what goes wrong at any time.
        let excessSeconds: Double
    }

    private let due: DueTenths
    private let silences: [Outage]
    /// Requests due a second.
    private let rate: Double
    /// The share of requests that go wrong without a fault, as if half a request more had.
    private let background: Double

    /// A tenth of a second belongs to the fault by chance in one window of so many.
    private static let chance = 0.01
    /// A silence that begins so shortly before a strike is that one's.
    private static let flightSeconds = 0.1

    /// What was due, and the silences, of a load of `rate` requests a second, of which no fault had
    /// struck in the seconds of `quiet`.
    init(
        due: DueTenths, silences: [Outage], rate: Double, quiet: (from: Double, to: Double)
    ) {
        self.due = due
        self.silences = silences
        self.rate = rate
        let bad = due.listed.filter { tenth in
            quiet.from <= Double(tenth.index) / 10 && Double(tenth.index + 1) / 10 <= quiet.to
        }.reduce(0) { $0 + $1.bad }
        let total = max(Double(bad), rate * max(0, quiet.to - quiet.from))
        background = min(1, (Double(bad) + 0.5) / (total + 1))
    }

    /// What went wrong by the fault in a window of time, in seconds; `nil` if nothing did.
    func harm(in window: (from: Double, to: Double)) -> Harm? {
        let bad = due.listed.indices.filter { position in
            let tenth = due.listed[position]
            // The tenth in which the next fault strikes has requests that went wrong by that.
            return tenth.bad > 0 && tenth.lastBad >= window.from
                && Double(tenth.index + 1) <= window.to * 10
        }
        // From either end, what chance explains is left out.
        let last = bad.indices.last { position in
            let begin = Double(due.listed[bad[position]].index) / 10
            return isWorse(bad[position...], seconds: window.to - begin)
        }
        let first = bad.indices.first { position in
            let end = Double(due.listed[bad[position]].index + 1) / 10
            return isWorse(bad[...position], seconds: end - window.from)
        }
        // What was in flight when the next fault struck had been due before.
        let silent = silences.filter { silence in
            let latest = window.to - (silence.lastBad > window.to ? Self.flightSeconds : 0)
            return silence.firstBad < latest && silence.lastBad > window.from
        }
        var outages = silent
        if let first, let last {
            let range = bad[min(first, last)]...bad[max(first, last)]
            outages.append(
                due.outage(DueTenths.Run(range: range, total: 0, bad: 0), start: window.from))
        }
        return Outage.joined(outages, gap: .infinity).first.map { outage in
            let inside = bad.lazy.map { due.listed[$0] }.filter {
                $0.lastBad >= outage.firstBad && $0.firstBad <= outage.lastBad
            }
            return harm(outage, inside.map { ($0.bad, $0.failed) }, silent)
        }
    }

    /// While nothing was answered, every request was late, whether it failed in the end or not.
    private func harm(
        _ outage: Outage, _ tenths: [(bad: Int, failed: Int)], _ silent: [Outage]
    ) -> Harm {
        let silentSeconds = Outage.joined(silent, gap: 0).reduce(0) {
            $0 + max(0, $1.lastBad - $1.firstBad)
        }
        // At least the time between two requests.
        let span = max(outage.lastBad - outage.firstBad, rate > 0 ? 1 / rate : 0)
        let total = max(1, rate * span)
        let wrong = max(Double(tenths.reduce(0) { $0 + $1.bad }), rate * silentSeconds)
        return Harm(
            outage: outage, failed: tenths.reduce(0) { $0 + $1.failed },
            share: min(1, wrong / total),
            excessSeconds: rate > 0 ? max(0, wrong - background * total) / rate : 0)
    }

    /// Whether more went wrong in these tenths than in so many seconds without a fault.
    private func isWorse(_ positions: ArraySlice<Int>, seconds: Double) -> Bool {
        let bad = positions.reduce(0) { $0 + due.listed[$1].bad }
        let total = max(bad, Int(rate * max(0, seconds)))
        return Binomial.atLeast(bad, trials: total, probability: background) < Self.chance
    }
}
