public import Measurements
public import Profiles
import Statistics

/// Watches the objectives with `abort`, second by second: says when one of them is broken.
///
/// An outage ends a run once nothing that may still come can keep its limit. What fails less than
/// that is bet on block by block, by a test that holds at every look.
///
/// - Source: statistics.md 1.4.
public struct AbortWatch: Sendable {
    /// An objective that is broken.
    public struct Break: Sendable, Equatable {
        /// What broke it.
        public enum Reason: Sendable, Equatable {
            /// The target has been gone for longer than the limit allows in all of the run.
            case outage
            /// Blocks of time failed too often.
            case blocks
        }

        /// The objective as people write it.
        public var objective: String
        /// What broke it.
        public var reason: Reason
        /// What is said of it, with the numbers.
        public var sentence: String
    }

    /// What is known of one objective.
    private struct State: Sendable {
        let objective: Objective
        let limit: Double
        let confidence: Double
        /// How long the judged phases that it is about are, in seconds.
        let seconds: Double
        var bet: BlockBet
        var block = (count: 0, total: 0, seconds: 0.0)
        /// The outage that goes on, in seconds and requests.
        var outage = (seconds: 0.0, requests: 0)
    }

    /// No shorter outage ends a run.
    private static let minimumOutageSeconds = 1.0
    /// An outage is to use up this many times what the limit allows in all of the run.
    private static let timesAllowed = 1.5
    private static let minimumRequests = 10
    /// The least length of a block, in seconds, and the most blocks of a run.
    private static let minimumBlockSeconds = 15.0
    private static let maximumBlocks = 20.0

    private var states: [State]
    private let phases: Set<String>
    private var lastSeconds = 0.0

    /// A watch that has seen nothing yet.
    public init(_ profile: Profile) {
        let judged = profile.judgedPhaseNames
        phases = judged
        states = profile.objectives.compactMap { objective in
            guard objective.aborts, let limit = objective.allowedShare else { return nil }
            let seconds = profile.load.filter(objective.isAbout)
                .reduce(0) { $0 + $1.duration.inSeconds }
            return State(
                objective: objective, limit: limit,
                confidence: objective.confidence ?? profile.confidence, seconds: seconds,
                bet: BlockBet(limit: limit))
        }
    }

    /// Whether there is an objective to watch.
    public var isWatching: Bool { !states.isEmpty }

    /// The objectives that are watched.
    public var objectives: [Objective] { states.map(\.objective) }

    /// Takes the next second; the first objective that is broken with it, or `nil`.
    public mutating func take(_ row: SeriesRow) -> Break? {
        let length = max(0, row.timeSeconds - lastSeconds)
        lastSeconds = row.timeSeconds
        for index in states.indices {
            guard let (count, total) = counts(row.counts, states[index].objective) else { continue }
            if let broken = add(count, of: total, seconds: length, to: &states[index]) {
                return broken
            }
        }
        return nil
    }

    /// What counts against an objective, and all requests of it; `nil` without one.
    private func counts(
        _ counts: [OperationCounts], _ objective: Objective
    ) -> (count: Int, total: Int)? {
        var (count, total) = (0, 0)
        for counts in counts
        where phases.contains(counts.phase) && objective.phase ?? counts.phase == counts.phase
            && objective.operation ?? counts.operation == counts.operation
        {
            let all = counts.outcomes.values.reduce(0, +)
            let failures = all - (counts.outcomes[.ok] ?? 0)
            let slow = objective.thresholdNanoseconds.map { counts.over[String($0)] ?? 0 } ?? 0
            count += min(all, failures + slow)
            total += all
        }
        return total > 0 ? (count, total) : nil
    }

    private func add(
        _ count: Int, of total: Int, seconds: Double, to state: inout State
    ) -> Break? {
        if 2 * count >= total {
            state.outage.seconds += seconds * Double(count) / Double(total)
            state.outage.requests += total
        } else {
            state.outage = (0, 0)
        }
        if let broken = outage(state, seconds: state.outage.seconds, state.outage.requests) {
            return broken
        }
        state.block.count += count
        state.block.total += total
        state.block.seconds += seconds
        guard
            state.block.seconds >= max(Self.minimumBlockSeconds, state.seconds / Self.maximumBlocks)
        else { return nil }
        state.bet.add(share: Double(state.block.count) / Double(state.block.total))
        state.block = (0, 0, 0)
        // The judge has the other half of what a FAIL may err.
        guard state.bet.disproves(confidence: 1 - (1 - state.confidence) / 2) else { return nil }
        let length = max(Self.minimumBlockSeconds, state.seconds / Self.maximumBlocks)
        return Break(
            objective: state.objective.description, reason: .blocks,
            sentence: "more than \(Figure.given(state.limit)) of the requests "
                + "\(what(state.objective)), block by block of \(Figure.significant(length)) s, by "
                + "a test that holds at every look")
    }

    /// Says how long a target has been silent: no request of an objective that was due since then
    /// was answered right and in time.
    ///
    /// - Parameters:
    ///   - objective: by its place among `objectives`.
    ///   - seconds: since the last right answer, or since the load began.
    ///   - requests: that were due in that time.
    public func silence(of objective: Int, seconds: Double, requests: Int) -> Break? {
        outage(states[objective], seconds: seconds, requests)
    }

    private func outage(_ state: State, seconds: Double, _ requests: Int) -> Break? {
        let most = max(Self.minimumOutageSeconds, Self.timesAllowed * state.limit * state.seconds)
        guard seconds >= most, requests >= Self.minimumRequests else { return nil }
        return Break(
            objective: state.objective.description, reason: .outage,
            sentence: "for \(Figure.significant(seconds, digits: 2)) s its requests "
                + "\(what(state.objective)), which is more than the limit of "
                + "\(Figure.given(state.limit)) allows in all of the run")
    }

    private func what(_ objective: Objective) -> String {
        objective.thresholdNanoseconds.map { "took \(Figure.time($0)) or longer, or failed" }
            ?? "failed"
    }
}
