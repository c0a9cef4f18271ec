/// Whether the runs of two sides took turns in time.
///
/// A machine that drifts makes later runs slower or faster whatever they run. Where all runs of
/// one side are the later ones, that is a difference between the sides. Where they take turns
/// (A B B A, or A B A B) it falls on both, but for the distance of their mean places.
struct RunOrder {
    /// Whether every run has its time, no side's mean place in the order is more than one run
    /// later than the other's, and the side changes at least as often as the smaller side has
    /// runs.
    ///
    /// Of n runs each A B A B has 2n - 1 changes and a distance of 1, A B B A has n and none. Two
    /// halves in turn (A A B B) have 3 changes and too large a distance.
    let isMixed: Bool

    init(_ baseline: [RunFigures], _ candidate: [RunFigures]) {
        let times =
            baseline.map { ($0.startedSeconds, false) }
            + candidate.map { ($0.startedSeconds, true) }
        let known = times.compactMap { time, isCandidate in time.map { ($0, isCandidate) } }
        guard known.count == times.count, !baseline.isEmpty, !candidate.isEmpty else {
            isMixed = false
            return
        }
        let order = known.sorted { $0.0 < $1.0 }.map(\.1)
        func meanPlace(_ isCandidate: Bool) -> Double {
            let places = order.indices.filter { order[$0] == isCandidate }
            return Double(places.reduce(0, +)) / Double(places.count)
        }
        let changes = zip(order, order.dropFirst()).count { $0 != $1 }
        isMixed =
            (meanPlace(true) - meanPlace(false)).magnitude <= 1
            && changes >= min(baseline.count, candidate.count)
    }
}
