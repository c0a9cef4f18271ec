import Synchronization

/// One try at a job.
///
/// Either it is claimed, and then carried out whole, or abandoned, and then never.
final class Attempt: Sendable {
    /// How an attempt came out.
    enum Outcome: Sendable {
        case succeeded(Answer)
        case failed(Refusal)
    }

    let job: UInt64
    let number: Int
    private let director: JobDirector
    private let state = Atomic<Int>(Attempt.pending)

    private static let pending = 0
    private static let claimed = 1
    private static let abandoned = 2

    init(job: UInt64, number: Int, director: JobDirector) {
        self.job = job
        self.number = number
        self.director = director
    }

    /// True where it may be carried out; from then on it cannot be abandoned.
    ///
    /// Any thread.
    func claim() -> Bool { exchange(Self.pending, Self.claimed) }

    /// True where it is sure never to be carried out.
    ///
    /// Any thread.
    func abandon() -> Bool { exchange(Self.pending, Self.abandoned) }

    private func exchange(_ expected: Int, _ desired: Int) -> Bool {
        state.compareExchange(
            expected: expected, desired: desired, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// Says how it came out; once.
    func end(_ outcome: Outcome) { director.ended(self, outcome) }
}
